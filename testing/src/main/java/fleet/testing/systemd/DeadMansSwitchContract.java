package fleet.testing.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What an agent may rely on, whichever systemd it talks to: dead man's switches.
public abstract class DeadMansSwitchContract extends SystemdScene {

  private static final String EXCLUSIVE =
      "[Service]\nExecStart=/bin/sleep infinity\n\n[X-Fleet]\nExclusive=true\n";

  private static SortedMap<UnitName.Placeable, Duration> after(String unit, long millis) {
    var after = new TreeMap<UnitName.Placeable, Duration>();
    after.put(unit(unit), Duration.ofMillis(millis));
    return after;
  }

  private boolean rests(String unit) throws InterruptedException {
    return look(unit).phase() == Phase.RESTING;
  }

  private void untilItRests(String unit) throws InterruptedException {
    Duration end = environment().uptime().plus(LONG);
    while (!rests(unit)) {
      assertTrue(environment().uptime().compareTo(end) < 0, unit + " runs on");
      environment().sleep(Duration.ofMillis(20));
    }
  }

  @Test
  void exclusiveUnitDoesNotStartUnlessItsSwitchIsArmedAndConfirmed() {
    within(
        () -> {
          install("guarded@1.service", EXCLUSIVE);
          assertEquals(JobResult.DEPENDENCY, systemd().start(unit("guarded@1.service"), LONG));

          assertEquals(none(), systemd().arm(after("guarded@1.service", 3_600_000)));
          assertEquals(JobResult.DEPENDENCY, systemd().start(unit("guarded@1.service"), LONG));

          systemd().confirm(set("guarded@1.service"));
          assertEquals(JobResult.DONE, systemd().start(unit("guarded@1.service"), LONG));

          systemd().stop(unit("guarded@1.service"), LONG);
          systemd().disarm(set("guarded@1.service"));
          environment().sleep(Duration.ofSeconds(1));
          assertEquals(JobResult.DEPENDENCY, systemd().start(unit("guarded@1.service"), LONG));
        });
  }

  @Test
  void exclusiveUnitDoesNotStartByHandUnlessItsSwitchIsArmedAndConfirmed() {
    within(
        () -> {
          var unit = unit("guarded@2.service");
          install("guarded@2.service", EXCLUSIVE);
          world().startByHand(unit);
          assertEquals(Phase.RESTING, look("guarded@2.service").phase());

          assertEquals(none(), systemd().arm(after("guarded@2.service", 3_600_000)));
          systemd().confirm(set("guarded@2.service"));
          world().startByHand(unit);
          assertEquals(Phase.RUNNING, look("guarded@2.service").phase());
        });
  }

  @Test
  void switchStopsItsUnitWhenItsTimeIsUp() {
    within(
        () -> {
          install("fenced.service", EXCLUSIVE.replace("[X-", "ExecStop=/bin/sleep 60\n\n[X-"));
          systemd().arm(after("fenced.service", 1_500));
          systemd().confirm(set("fenced.service"));
          systemd().start(unit("fenced.service"), LONG);

          untilItRests("fenced.service");

          systemd().confirm(set("fenced.service"));
          assertEquals(JobResult.DEPENDENCY, systemd().start(unit("fenced.service"), LONG));
        });
  }

  @Test
  void ofTwoSwitchesTheOlderFiresFirstUnlessTheYoungerIsConfirmed() {
    within(
        () -> {
          install("twice.service", EXCLUSIVE);
          systemd().arm(after("twice.service", 3_600_000));
          systemd().confirm(set("twice.service"));
          systemd().start(unit("twice.service"), LONG);

          systemd().arm(after("twice.service", 3_600_000));
          systemd().confirm(set("twice.service"));
          systemd().confirm(set("twice.service"));
          assertEquals(false, rests("twice.service"));

          systemd().arm(after("twice.service", 4_000));
          systemd().arm(after("twice.service", 3_600_000));
          environment().sleep(Duration.ofSeconds(5));
          assertEquals(false, rests("twice.service"), "the younger should have been replaced");

          systemd().arm(after("twice.service", 4_000));
          systemd().confirm(set("twice.service"));
          untilItRests("twice.service");
        });
  }

  @Test
  void whatIsNotExclusiveNeedsNoSwitch() {
    within(
        () -> {
          install("lifted.service", EXCLUSIVE);
          install("lifted.service", "[Service]\nExecStart=/bin/sleep infinity\n");

          assertEquals(JobResult.DONE, systemd().start(unit("lifted.service"), LONG));
        });
  }
}
