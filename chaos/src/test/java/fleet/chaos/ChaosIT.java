package fleet.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.LocalCluster.StoreKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The chaos command leaves alone what it has not made.
class ChaosIT {

  private static final String NAME = "cha" + ProcessHandle.current().pid() % 1_000;
  private static final String NET = "10.251." + ProcessHandle.current().pid() % 250;

  @Test
  void aClusterOfSomebodyElseIsRefusedAndLeftAsItIs() throws Exception {
    try (var others = LocalCluster.create(NAME, NET, 1, StoreKind.EMBEDDED, List.of())) {
      String boot = others.exec("n1", "cat", "/proc/sys/kernel/random/boot_id").orFail();
      var options = new ChaosOptions(Duration.ofMinutes(1), 1, 3, StoreKind.EMBEDDED, NAME, NET);

      var refused = assertThrows(Ours.Refused.class, () -> Chaos.run(options));

      assertEquals(
          "there is a cluster "
              + NAME
              + " on this host already, and it is not ours; chaos is only for what it has made"
              + " itself",
          refused.getMessage());
      assertEquals(boot, others.exec("n1", "cat", "/proc/sys/kernel/random/boot_id").orFail());
      assertEquals("active", others.exec("n1", "systemctl", "is-active", "fleet").orFail());
    }
  }

  @Test
  void aNodeThatSomebodyElseHasPutInPlaceOfOursIsRefused() throws Exception {
    try (var ours = Ours.create(NAME, NET, 1, StoreKind.EMBEDDED)) {
      ours.check("n1");
      String mark = ours.cluster().exec("n1", "cat", "/etc/fleet-chaos").orFail();
      ours.cluster().put("n1", "/etc/fleet-chaos", "another run");

      var refused = assertThrows(Ours.Refused.class, () -> ours.check("n1"));

      assertEquals(
          "the node n1 was not made by this run, as "
              + ours.cluster().root("n1").resolve("etc/fleet-chaos")
              + " tells: left alone",
          refused.getMessage());
      ours.cluster().put("n1", "/etc/fleet-chaos", mark);
    }
  }
}
