package fleet.agent.dbus;

import fleet.testing.systemd.OwnUnitsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// The adapter keeps the contract, with a real systemd.
@ExtendWith(OnNode.class)
@Tag("slow")
final class DbusOwnUnitsTest extends OwnUnitsContract {

  private final NodeWorld world;

  DbusOwnUnitsTest(Node node) throws InterruptedException {
    world = new NodeWorld(node);
  }

  @Override
  protected World world() {
    return world;
  }

  @AfterEach
  void disconnect() {
    world.close();
  }
}
