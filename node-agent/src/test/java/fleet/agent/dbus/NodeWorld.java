package fleet.agent.dbus;

import fleet.agent.systemd.Systemd;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Body;
import fleet.cluster.env.SystemEnvironment;
import fleet.testing.systemd.SystemdScene;
import fleet.unit.UnitName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;

/// A node, and a connection to its systemd.
final class NodeWorld implements SystemdScene.World, AutoCloseable {

  private final Node node;
  private final Environment environment = new SystemEnvironment();
  private final Systemd systemd;

  /// Files of the machine's own that the test has put there.
  private final Set<String> own = new TreeSet<>();

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
  public void put(String path, String text) {
    own.add(path);
    try {
      node.write(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void take(String path) {
    try {
      Files.delete(node.root().resolve(path.substring(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    own.remove(path);
  }

  @Override
  public void startByHand(UnitName.Placeable unit) throws InterruptedException {
    try {
      node.run("sh", "-c", "systemctl start " + unit + " || true");
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
    Set.copyOf(own).forEach(this::take);
    systemd.close();
  }
}
