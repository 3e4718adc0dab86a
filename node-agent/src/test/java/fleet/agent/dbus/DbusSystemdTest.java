package fleet.agent.dbus;

import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdContract;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Body;
import fleet.cluster.env.SystemEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// The adapter keeps the contract, on a real machine.
final class DbusSystemdTest extends SystemdContract {

  private static Node node;

  private final Environment environment = new SystemEnvironment();
  private Systemd systemd;

  @BeforeAll
  static void boot() throws IOException, InterruptedException {
    node = Node.boot();
  }

  @AfterAll
  static void vanish() throws IOException, InterruptedException {
    node.vanish();
  }

  @BeforeEach
  void connect() throws InterruptedException {
    systemd = DbusSystemd.open(node.options());
  }

  @AfterEach
  void disconnect() {
    systemd.close();
  }

  @Override
  protected Environment environment() {
    return environment;
  }

  @Override
  protected Systemd systemd() {
    return systemd;
  }

  @Override
  protected void write(String name, String text) {
    try {
      node.write("/run/fleet/units/" + name, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void within(Body body) {
    try {
      body.run();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
