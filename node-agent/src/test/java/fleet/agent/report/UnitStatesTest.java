package fleet.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.order.Pending;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.reconcile.Permissions;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.LocalUnit.Run;
import fleet.agent.systemd.Origin;
import fleet.agent.unit.Applied;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Of which units a machine says anything, and of which that it is rid of them.
class UnitStatesTest {

  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web.service").orElseThrow();
  private static final UnitFile FILE =
      UnitFile.parse("[Service]\nExecStart=/bin/true\n").orElseThrow();
  private static final OnDisk NONE = new OnDisk.Absent();

  private final TreeMap<UnitName.Placeable, Assignment> assigned = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Applied> applied = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Reason> held = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Long> withheld = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, LocalUnit> observed = new TreeMap<>();
  private final TreeSet<UnitName.Placeable> foreign = new TreeSet<>();

  private void see(OnDisk file, String active) {
    observed.put(
        WEB, new LocalUnit(file, "loaded", active, "", "", "", new Run("1", 0, ""), Origin.FLEET));
  }

  private SortedMap<UnitName.Placeable, UnitState> states() {
    var none = new TreeSet<UnitName.Placeable>();
    var local =
        new LocalSnapshot(
            assigned,
            observed,
            applied,
            held,
            false,
            withheld,
            new Permissions(false, true, false, none, none, none),
            foreign,
            Pending.NOTHING,
            none);
    return UnitStates.of(local, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  private static Applied loaded() {
    return new Applied(FILE.hash(), TargetState.LOADED, 1);
  }

  private static Assignment assignment() {
    return new Assignment(WEB, FILE, TargetState.LOADED, 1);
  }

  @Test
  void nothingIsSaidOfAUnitThatIsOnlyLookedAt() {
    see(NONE, "inactive");

    assertEquals("{}", states().toString());
  }

  @Test
  void eachUnitHasAStateThatIsAssignedInstalledOrHasAFile() {
    see(NONE, "inactive");
    assigned.put(WEB, assignment());
    assertEquals("[web.service]", states().keySet().toString());

    assigned.clear();
    applied.put(WEB, loaded());
    assertEquals("[web.service]", states().keySet().toString());

    applied.clear();
    see(new OnDisk.Present(FILE.hash()), "inactive");
    assertEquals("[web.service]", states().keySet().toString());
    see(new OnDisk.Garbage("no section"), "inactive");
    assertEquals("[web.service]", states().keySet().toString());
  }

  /// Another machine may start it as soon as that is said.
  @Test
  void machineIsRidOfAWithheldUnitOnlyOnceNothingOfItIsHereNorOnItsWay() {
    withheld.put(WEB, 9L);
    see(NONE, "inactive");
    assertEquals(released(), states());

    see(NONE, "active");
    assertEquals(0, toldRevision());
    see(NONE, "deactivating");
    assertEquals(0, toldRevision());
    see(new OnDisk.Present(FILE.hash()), "inactive");
    assertEquals(0, toldRevision());

    see(NONE, "inactive");
    applied.put(WEB, loaded());
    assertEquals(0, toldRevision());
    applied.clear();
    assigned.put(WEB, assignment());
    assertEquals(0, toldRevision());
    assigned.clear();
    held.put(WEB, Reason.STARTING);
    assertEquals(0, toldRevision());
    held.clear();
    observed.clear();
    assertEquals(0, toldRevision());
  }

  @Test
  void machineIsRidOfAWithheldUnitAlsoIfItRunsOneOfItsOwnOfThatName() {
    withheld.put(WEB, 9L);
    see(NONE, "active");
    foreign.add(WEB);

    assertEquals(released(), states());
  }

  private static SortedMap<UnitName.Placeable, UnitState> released() {
    var states = new TreeMap<UnitName.Placeable, UnitState>();
    states.put(WEB, UnitState.released(9));
    return states;
  }

  private long toldRevision() {
    UnitState state = states().get(WEB);
    return state == null ? 0 : state.released();
  }
}
