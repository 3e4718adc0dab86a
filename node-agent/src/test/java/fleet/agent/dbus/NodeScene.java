package fleet.agent.dbus;

import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdScene;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Body;
import fleet.cluster.env.SystemEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/// A real systemd on a node, for tests of what only a real one can show.
@ExtendWith(OnNode.class)
abstract class NodeScene extends SystemdScene {

  static final String SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";

  final Node node;
  private final Environment environment = new SystemEnvironment();
  private Systemd systemd;

  NodeScene(Node node) {
    this.node = node;
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
