package fleet.cluster.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Assignment;
import fleet.cluster.ClusterSnapshot.Unreadable;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.testing.store.MemoryStore;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The registry and the mirrors, on the memory store.
class RegistryTest {

  private static final Duration TTL = Duration.ofMinutes(1);
  private static final UnitName.Placeable WEB = placeable("web.service");
  private static final UnitFile FILE =
      UnitFile.parse("[Service]\nExecStart=/bin/true\n").orElseThrow();
  private static final MachineId A = new MachineId("aaaa");
  private static final MachineId B = new MachineId("bbbb");

  private final SystemEnvironment environment = new SystemEnvironment();
  private final MemoryStore store = new MemoryStore(environment);
  private final Keyspace keys = new Keyspace("/fleet/");
  private final Registry registry = new Registry(store, keys);
  private final Signal changed = environment.signal("test");

  @AfterEach
  void close() {
    store.close();
  }

  private static UnitName.Placeable placeable(String name) {
    return (UnitName.Placeable) UnitName.parse(name).orElseThrow();
  }

  private static DesiredUnit unit(TargetState target) {
    return DesiredUnit.of(WEB, FILE, target, Restarts.NONE);
  }

  private static Machine machine(MachineId id, String... metadata) {
    return new Machine(id, "10.0.0.1", map(metadata), "2.0.0", "boot");
  }

  private static SortedMap<String, String> map(String... pairs) {
    var map = new TreeMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private void write(String key, String value) {
    store.commit(List.of(), List.of(new Op.Put(key, value, 0)));
  }

  @Test
  void theEndOfAStateCountsIfItsUnitIsWanted() throws InterruptedException {
    registry.create(unit(TargetState.LAUNCHED));
    var state =
        new UnitState(
            TargetState.LAUNCHED,
            0,
            "loaded",
            "active",
            "running",
            Optional.empty(),
            "",
            "",
            List.of());
    var other = placeable("other.service");
    long lease = store.grant(Duration.ofSeconds(10));
    try (var mirror = registry.mirror(changed)) {
      long before = mirror.placementChanges();

      registry.publish(A, new TreeMap<>(Map.of(WEB, state, other, state)), new TreeSet<>(), lease);
      registry.publish(A, new TreeMap<>(), new TreeSet<>(List.of(other)), lease);
      mirror.refresh();
      assertEquals(before, mirror.placementChanges());

      registry.publish(A, new TreeMap<>(), new TreeSet<>(List.of(WEB)), lease);
      mirror.refresh();
      assertEquals(before + 1, mirror.placementChanges());
    }
  }

  @Test
  void aUnitIsCreatedOnceAndReplacedOnlyByWhoHasSeenIt() throws Exception {
    assertInstanceOf(Commit.Applied.class, registry.create(unit(TargetState.INACTIVE)));
    assertInstanceOf(Commit.Refused.class, registry.create(unit(TargetState.LAUNCHED)));
    long seen = registry.unit(WEB).orElseThrow().revision();

    assertInstanceOf(Commit.Applied.class, registry.replace(unit(TargetState.LAUNCHED), seen));
    assertInstanceOf(Commit.Refused.class, registry.replace(unit(TargetState.INACTIVE), seen));

    assertEquals(
        unit(TargetState.LAUNCHED), registry.unit(WEB).orElseThrow().value().orElseThrow());
  }

  @Test
  void aUnitIsDestroyedOnlyByWhoHasSeenIt() throws Exception {
    registry.create(unit(TargetState.INACTIVE));
    long seen = registry.unit(WEB).orElseThrow().revision();
    registry.replace(unit(TargetState.LAUNCHED), seen);

    assertInstanceOf(Commit.Refused.class, registry.destroy(WEB, seen));
    assertInstanceOf(
        Commit.Applied.class, registry.destroy(WEB, registry.unit(WEB).orElseThrow().revision()));
    assertEquals(Optional.empty(), registry.unit(WEB));
  }

  @Test
  void onlyOneLeadsUntilItResigns() throws Exception {
    long first = store.grant(TTL);
    long second = store.grant(TTL);

    var term = registry.campaign(A, first).orElseThrow();
    assertEquals(Optional.empty(), registry.campaign(B, second));
    assertEquals(Optional.of(term), registry.campaign(A, first), "still the same term");

    registry.resign(term);
    var next = registry.campaign(B, second).orElseThrow();
    assertTrue(next.term() > term.term());
    assertInstanceOf(
        Commit.Refused.class,
        registry.commit(
            term,
            List.of(new Decision.Assign(A, new Assignment(WEB, FILE, TargetState.LAUNCHED, 0))),
            first),
        "the old leader cannot write");
    assertEquals(0, store.range(keys.assignments(A)).entries().size());
  }

  @Test
  void aTermEndsWithItsLease() throws Exception {
    long lease = store.grant(TTL);
    var term = registry.campaign(A, lease).orElseThrow();

    store.revoke(lease);

    assertInstanceOf(
        Commit.Refused.class,
        registry.commit(term, List.of(new Decision.Unassign(A, WEB, false)), lease));
  }

  @Test
  void unitsOfAMachineThatIsBackAreNotEvicted() throws Exception {
    long lease = store.grant(TTL);
    var term = registry.campaign(A, lease).orElseThrow();
    var assignment = new Assignment(WEB, FILE, TargetState.LAUNCHED, 0);
    registry.commit(term, List.of(new Decision.Assign(A, assignment)), lease);
    registry.announce(machine(A), lease, Optional.empty());

    assertInstanceOf(
        Commit.Refused.class,
        registry.commit(term, List.of(new Decision.Unassign(A, WEB, true)), lease));
    assertTrue(registry.leads(term));
    assertTrue(registry.isAssigned(A, WEB));

    store.commit(List.of(), List.of(new Op.Delete(keys.machine(A))));
    assertInstanceOf(
        Commit.Applied.class,
        registry.commit(term, List.of(new Decision.Unassign(A, WEB, true)), lease));
    store.revoke(lease);
    assertFalse(registry.leads(term));
  }

  @Test
  void evictionByAnEarlierFleetIsReadAndForgottenLikeAnyOther() throws Exception {
    Op earlier = new Op.Put("/fleet/forsaken/" + A.text(), "{\"cause\":\"it was silent\"}", 0);
    long lease = store.grant(TTL);
    var term = registry.campaign(B, lease).orElseThrow();
    try (var mirror = registry.mirror(changed)) {
      store.commit(List.of(), List.of(earlier));
      mirror.refresh();
      assertEquals(List.of(A), List.copyOf(mirror.snapshot().evicted()));

      registry.announce(machine(A), lease, Optional.empty());
      mirror.refresh();
      assertEquals(List.of(), List.copyOf(mirror.snapshot().evicted()));

      store.commit(List.of(), List.of(earlier));
      registry.commit(term, List.of(new Decision.ForgetEviction(A)), lease);
      mirror.refresh();
      assertEquals(List.of(), List.copyOf(mirror.snapshot().evicted()));
    }
  }

  @Test
  void manyDecisionsAreWrittenInSeveralTransactions() throws Exception {
    long lease = store.grant(TTL);
    var term = registry.campaign(A, lease).orElseThrow();
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      decisions.add(
          new Decision.Assign(
              A, new Assignment(placeable("u" + i + ".service"), FILE, TargetState.LOADED, 0)));
    }

    var commit = registry.commit(term, decisions, lease);

    assertEquals(new Commit.Applied(store.range("/").revision()), commit);
    try (var mirror = registry.assignments(A, changed)) {
      assertEquals(300, mirror.assignments().size());
    }
  }

  @Test
  void aMachineIsAnnouncedOnlyOverWhatItsAgentHasSeen() throws Exception {
    long ghost = store.grant(TTL);
    long lease = store.grant(TTL);
    registry.announce(machine(A), ghost, Optional.empty());

    assertInstanceOf(
        Commit.Refused.class, registry.announce(machine(A, "k", "v"), lease, Optional.empty()));
    var seen = registry.announced(A);
    assertInstanceOf(Commit.Applied.class, registry.announce(machine(A, "k", "v"), lease, seen));

    var now = registry.announced(A).orElseThrow();
    assertEquals(lease, now.lease());
    assertEquals(machine(A, "k", "v"), now.machine().orElseThrow());
  }

  @Test
  void theClusterMirrorFollowsEverythingAndAgreesWithAFreshOne() throws Exception {
    try (var mirror = registry.mirror(changed)) {
      long lease = store.grant(TTL);
      var term = registry.campaign(B, lease).orElseThrow();
      registry.create(unit(TargetState.LAUNCHED));
      registry.announce(machine(A, "disk", "hdd", "zone", "a"), lease, Optional.empty());
      registry.overlay(A, map("disk", "ssd", "zone", ""), 0);
      var assignment = new Assignment(WEB, FILE, TargetState.LAUNCHED, 0);
      registry.commit(term, List.of(new Decision.Assign(A, assignment)), lease);
      var state =
          new UnitState(
              TargetState.LAUNCHED,
              0,
              "loaded",
              "active",
              "running",
              Optional.of(FILE.hash()),
              "success",
              "",
              List.of());
      registry.publish(A, new TreeMap<>(Map.of(WEB, state)), new TreeSet<>(), lease);
      var why = new Explanation("no machine", new TreeMap<>());
      registry.commit(term, List.of(new Decision.Explain(WEB, why)), lease);

      assertTrue(mirror.refresh());
      var snapshot = mirror.snapshot();
      assertEquals(new TreeMap<>(Map.of(A, machine(A, "disk", "ssd"))), snapshot.machines());
      assertEquals(new TreeMap<>(Map.of(WEB, unit(TargetState.LAUNCHED))), snapshot.units());
      assertEquals(new TreeMap<>(Map.of(WEB, assignment)), snapshot.assignments().get(A));
      assertEquals(new TreeMap<>(Map.of(WEB, state)), snapshot.states().get(A));
      assertEquals(new TreeMap<>(Map.of(WEB, why)), snapshot.explanations());
      assertEquals(Optional.of(B), snapshot.leader());
      assertFalse(mirror.refresh(), "nothing new");
      try (var fresh = registry.mirror(changed)) {
        assertEquals(fresh.snapshot(), snapshot);
      }

      store.revoke(lease);
      mirror.refresh();
      assertEquals(map(), new TreeMap<>(mirror.snapshot().machines()));
      assertEquals(map(), new TreeMap<>(mirror.snapshot().states()));
      assertEquals(Optional.empty(), mirror.snapshot().leader());
      assertEquals(1, mirror.snapshot().assignments().size(), "assignments outlive the leader");
    }
  }

  @Test
  void whatStrangersWriteIsNamedAndDisturbsNothingElse() throws Exception {
    registry.create(unit(TargetState.LAUNCHED));
    write("/fleet/units/bad.service", "not json");
    write("/fleet/machines/cccc", "{\"address\":7}");
    write("/fleet/overlays/aaaa", "[]");
    write("/fleet/assignments/aaaa/web.service", "{}");
    write("/fleet/states/aaaa/web.service", "");
    write("/fleet/leader", "me");
    write("/fleet/jobs/old", "v1");

    try (var mirror = registry.mirror(changed)) {
      var snapshot = mirror.snapshot();
      assertEquals(new TreeMap<>(Map.of(WEB, unit(TargetState.LAUNCHED))), snapshot.units());
      assertEquals(
          new Unreadable(
              new TreeSet<>(List.of(UnitName.parse("bad.service").orElseThrow())),
              new TreeSet<>(List.of(new MachineId("cccc")))),
          snapshot.unreadable());
      assertEquals(
          new TreeMap<>(
              Map.of(WEB, new Assignment(WEB, new UnitFile(List.of()), TargetState.LOADED, -1))),
          snapshot.assignments().get(A),
          "an illegible assignment differs from every other, so the leader writes it anew");
      assertEquals(7, mirror.problems().size(), mirror.problems().toString());

      write("/fleet/units/bad.service", Codec.text(unit(TargetState.LOADED)));
      mirror.refresh();
      assertEquals(6, mirror.problems().size(), "what is mended is no longer a problem");
      assertEquals(Unreadable.NOTHING.units(), mirror.snapshot().unreadable().units());
    }
  }

  @Test
  void aSpoiledAssignmentLeavesTheLastGoodOneInForce() throws Exception {
    var good = new Assignment(WEB, FILE, TargetState.LAUNCHED, 0);
    write("/fleet/assignments/aaaa/web.service", Codec.text(good));
    write("/fleet/assignments/bbbb/other.service", Codec.text(good));

    try (var mirror = registry.assignments(A, changed)) {
      write("/fleet/assignments/aaaa/web.service", "spoiled");
      assertTrue(mirror.refresh());

      assertEquals(new TreeMap<>(Map.of(WEB, good)), mirror.assignments());
      assertEquals(List.of(WEB), List.copyOf(mirror.problems().keySet()));

      store.commit(List.of(), List.of(new Op.Delete("/fleet/assignments/aaaa/web.service")));
      mirror.refresh();
      assertEquals(Map.of(), mirror.assignments());
      assertEquals(Map.of(), mirror.problems());
    }
  }

  @Test
  void aMirrorThatHasMissedTooMuchReadsAllAnew() throws Exception {
    registry.create(unit(TargetState.INACTIVE));
    try (var mirror = registry.mirror(changed)) {
      registry.destroy(WEB, registry.unit(WEB).orElseThrow().revision());
      for (int i = 0; i < 10; i++) {
        registry.create(
            DesiredUnit.of(
                placeable("u" + i + ".service"), FILE, TargetState.LOADED, Restarts.NONE));
      }
      store.compact(store.range("/").revision());

      while (mirror.snapshot().units().size() != 10) {
        changed.await(Duration.ofSeconds(5));
        mirror.refresh();
      }
      assertFalse(mirror.snapshot().units().containsKey(WEB));
      try (var fresh = registry.mirror(changed)) {
        assertEquals(fresh.snapshot(), mirror.snapshot());
      }

      registry.create(unit(TargetState.LAUNCHED));
      while (!mirror.snapshot().units().containsKey(WEB)) {
        changed.await(Duration.ofSeconds(5));
        mirror.refresh();
      }
    }
  }
}
