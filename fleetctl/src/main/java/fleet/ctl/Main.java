package fleet.ctl;

import fleet.cluster.env.SystemEnvironment;
import fleet.ctl.console.Console;
import fleet.ctl.ssh.ThisMachine;
import java.util.List;

/// Runs `fleetctl` as a process.
public final class Main {

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(
        Fleetctl.run(
            List.of(arguments), Console.ofProcess(), new ThisMachine(), new SystemEnvironment()));
  }
}
