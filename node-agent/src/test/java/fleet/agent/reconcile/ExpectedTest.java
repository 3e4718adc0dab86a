package fleet.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.reconcile.AgentAction.Reason;
import fleet.unit.UnitName;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExpectedTest {

  /// A switch must not be disarmed by a look that is older than the unit's start.
  @Test
  void onlyUnitsThatHaveJobsAreAtWork() {
    var held = new TreeMap<UnitName.Placeable, Reason>();
    for (Reason reason : Reason.values()) {
      String name = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
      held.put((UnitName.Placeable) UnitName.parse(name + ".service").orElseThrow(), reason);
    }

    var expected =
        new Expected(
            new TreeMap<>(),
            new TreeMap<>(),
            held,
            new TreeSet<>(),
            new TreeMap<>(),
            7,
            new TreeSet<>(),
            new TreeMap<>());

    assertEquals("[job-runs.service, starting.service]", expected.atWork().toString());
  }
}
