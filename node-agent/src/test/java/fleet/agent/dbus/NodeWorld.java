package fleet.agent.dbus;

import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdScene;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Body;
import fleet.cluster.env.SystemEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A node, and a connection to its systemd.
final class NodeWorld implements SystemdScene.World, AutoCloseable {

  private final Node node;
  private final Environment environment = new SystemEnvironment();
  private final Systemd systemd;

  NodeWorld(Node node) throws InterruptedException {
    this.node = node;
    this.systemd = DbusSystemd.open(node.options());
  }

  @Override
  public Environment environment() {
    return environment;
  }

  @Override
  public Systemd systemd() {
    return systemd;
  }

  @Override
  public void write(String name, String text) {
    try {
      node.write("/run/fleet/units/" + name, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void within(Body body) {
    try {
      body.run();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    systemd.close();
  }
}
