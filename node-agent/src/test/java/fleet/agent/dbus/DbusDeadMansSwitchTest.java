package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.systemd.JobResult;
import fleet.testing.systemd.DeadMansSwitchContract;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The adapter keeps the contract, with a real systemd.
@ExtendWith(OnNode.class)
@Tag("slow")
final class DbusDeadMansSwitchTest extends DeadMansSwitchContract {

  private final Node node;
  private final NodeWorld world;

  DbusDeadMansSwitchTest(Node node) throws InterruptedException {
    this.node = node;
    world = new NodeWorld(node);
  }

  @Override
  protected World world() {
    return world;
  }

  @Test
  void renewalsLeaveNothingInTheJournal() throws Exception {
    install(
        "calm.service", "[Service]\nExecStart=/bin/sleep infinity\n\n[X-Fleet]\nExclusive=true\n");
    var after = new TreeMap<UnitName.Placeable, Duration>();
    after.put(unit("calm.service"), Duration.ofHours(1));
    systemd().arm(after);
    systemd().confirm(set("calm.service"));
    assertEquals(JobResult.DONE, systemd().start(unit("calm.service"), LONG));
    String before = journal();

    for (int i = 0; i < 8; i++) {
      systemd().arm(after);
      systemd().confirm(set("calm.service"));
    }

    assertEquals(before, journal());
  }

  private String journal() throws Exception {
    node.run("journalctl", "--sync");
    return node.run("journalctl", "--quiet", "--output=cat", "--unit=fleet-switch-calm*");
  }

  @AfterEach
  void disconnect() {
    world.close();
  }
}
