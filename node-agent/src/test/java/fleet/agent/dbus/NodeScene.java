package fleet.agent.dbus;

import fleet.testing.systemd.SystemdScene;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// A real systemd on a node, for tests of what only a real one can show.
@ExtendWith(OnNode.class)
@Tag("slow")
abstract class NodeScene extends SystemdScene {

  static final String SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";

  final Node node;
  private final NodeWorld world;

  NodeScene(Node node) throws InterruptedException {
    this.node = node;
    this.world = new NodeWorld(node);
  }

  @Override
  protected final World world() {
    return world;
  }

  @AfterEach
  void disconnect() {
    world.close();
  }
}
