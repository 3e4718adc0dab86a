package fleet.ctl;

import fleet.api.client.ClientException;
import fleet.api.client.TlsFiles;
import fleet.cluster.env.Environment;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.CommandLine;
import fleet.ctl.console.CommandLine.Misunderstood;
import fleet.ctl.console.CommandLine.Understood;
import fleet.ctl.console.Console;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Log;
import fleet.ctl.console.Options;
import fleet.ctl.remote.Access;
import fleet.ctl.remote.Cluster;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.Unusable;
import fleet.ctl.ssh.LocalMachine;
import fleet.ctl.ssh.Remote;
import fleet.ctl.ssh.SshSettings;
import fleet.ctl.verb.GlobalFlags;
import fleet.ctl.verb.Help;
import fleet.ctl.verb.Verbs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The program: understands its arguments and runs one verb.
public final class Fleetctl {

  private Fleetctl() {}

  /// Runs the program once.
  ///
  /// @param here the machine that it runs on
  /// @param time what waiting waits by
  /// @return its exit status
  public static int run(List<String> words, Console console, LocalMachine here, Environment time)
      throws InterruptedException {
    if (!words.isEmpty()
        && (words.getFirst().equals("--version") || words.getFirst().equals("-v"))) {
      return run(List.of("version"), console, here, time);
    }
    CommandLine.Result result =
        CommandLine.parse(words, console.variables(), new Verbs(), GlobalFlags.ALL);
    if (result instanceof Misunderstood(var verb, var reason)) {
      console.complain("Error: " + reason);
      console.complain(
          "Run \"fleetctl help" + (verb.isEmpty() ? "" : " " + verb) + "\" for usage.");
      return Exit.USAGE;
    }
    var understood = (Understood) result;
    if (understood.command().isEmpty() || understood.options().on(GlobalFlags.HELP)) {
      console.out().print(Help.of(understood.command()));
      return Exit.DONE;
    }
    return run(understood, console, here, time);
  }

  private static int run(Understood line, Console console, LocalMachine here, Environment time)
      throws InterruptedException {
    Options options = line.options();
    var log = new Log(console, time, options.on(GlobalFlags.DEBUG));
    try (var remote = new Remote(sshSettings(options), here, console);
        var cluster = new Cluster(access(options, console), remote, log, time, console)) {
      return Verbs.named(line.command())
          .run(new CommandCall(line.arguments(), options, console, log, cluster, remote, time));
    } catch (Unusable e) {
      console.complain("Unable to initialize client: " + e.getMessage());
      return Exit.FAILED;
    } catch (ClientException e) {
      ErrorText.print(console, "Error: %", e);
      return Exit.FAILED;
    }
  }

  private static Access access(Options options, Console console) {
    return new Access(
        driver(options),
        options.text(GlobalFlags.ENDPOINT),
        new TlsFiles(
            path(options, GlobalFlags.CA_FILE, GlobalFlags.ETCD_CA_FILE, console),
            path(options, GlobalFlags.CERT_FILE, GlobalFlags.ETCD_CERT_FILE, console),
            path(options, GlobalFlags.KEY_FILE, GlobalFlags.ETCD_KEY_FILE, console)),
        options.duration(GlobalFlags.REQUEST_TIMEOUT));
  }

  private static SshSettings sshSettings(Options options) {
    return new SshSettings(
        options.text(GlobalFlags.SSH_USERNAME),
        options.duration(GlobalFlags.SSH_TIMEOUT),
        options.on(GlobalFlags.STRICT_HOST_KEY_CHECKING),
        options.text(GlobalFlags.KNOWN_HOSTS_FILE),
        options.text(GlobalFlags.TUNNEL));
  }

  /// `--experimental-api=false` outdoes `--driver`, as in fleet 1.0.
  private static String driver(Options options) {
    return options.on(GlobalFlags.EXPERIMENTAL_API) ? options.text(GlobalFlags.DRIVER) : "etcd";
  }

  private static Optional<Path> path(Options options, Flag flag, Flag old, Console console) {
    String path = options.text(options.given(flag) ? flag : old);
    return path.isEmpty() ? Optional.empty() : Optional.of(console.directory().resolve(path));
  }
}
