package fleet.agent.dbus;

import fleet.agent.systemd.UnitFilesContract;
import fleet.agent.systemd.UnitJobsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/// The adapter keeps the contract, with a real systemd.
@ExtendWith(OnNode.class)
final class DbusSystemdTest {

  @Nested
  final class Files extends UnitFilesContract {
    private final NodeWorld world;

    Files(Node node) throws InterruptedException {
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

  @Nested
  final class Jobs extends UnitJobsContract {
    private final NodeWorld world;

    Jobs(Node node) throws InterruptedException {
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
}
