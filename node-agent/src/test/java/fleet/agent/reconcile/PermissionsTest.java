package fleet.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.UnitName;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// How far a machine may act on what is assigned to it: every combination.
class PermissionsTest {

  private static final UnitName.Placeable PLAIN = unit("plain.service");
  private static final UnitName.Placeable BOUND = unit("bound.service");
  private static final UnitName.Placeable ONLY = unit("only.service");

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static SortedSet<UnitName.Placeable> set(UnitName.Placeable... units) {
    return new TreeSet<>(List.of(units));
  }

  private static Permissions permissions(
      boolean lapsed, boolean current, boolean away, boolean armed) {
    return new Permissions(
        lapsed, current, away, set(BOUND, ONLY), set(ONLY), armed ? set(ONLY) : set());
  }

  private static final List<Boolean> EITHER = List.of(false, true);

  @Test
  void anExclusiveUnitStartsOnlyByWhatWasReadUnderTheLeaseThatIsHeldAndOnlyWhileItsSwitchIsArmed() {
    for (boolean lapsed : EITHER) {
      for (boolean current : EITHER) {
        for (boolean away : EITHER) {
          for (boolean armed : EITHER) {
            var permissions = permissions(lapsed, current, away, armed);
            assertEquals(
                !lapsed && current && armed,
                permissions.allowsStartOf(ONLY),
                permissions::toString);
          }
        }
      }
    }
  }

  @Test
  void othersStartWithoutALeaseOnlyWhileTheStoreIsAwayAndOnlyIfTheyMayRunThen() {
    for (boolean lapsed : EITHER) {
      for (boolean current : EITHER) {
        for (boolean away : EITHER) {
          var permissions = permissions(lapsed, current, away, false);
          boolean leased = !lapsed && current;
          assertEquals(leased || away, permissions.allowsStartOf(PLAIN), permissions::toString);
          assertEquals(leased, permissions.allowsStartOf(BOUND), permissions::toString);
        }
      }
    }
  }

  @Test
  void whatIsBoundToTheLeaseMustNotRunWhenThatHasLapsed() {
    assertEquals(true, permissions(true, true, false, true).forbids(ONLY));
    assertEquals(true, permissions(true, false, true, false).forbids(BOUND));
    assertEquals(false, permissions(true, false, true, false).forbids(PLAIN));
    assertEquals(false, permissions(false, false, false, false).forbids(ONLY));
  }
}
