package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.pace.AgentOptions;
import fleet.agent.presence.Lease;
import fleet.agent.reconcile.Sight;
import fleet.agent.reconcile.Step;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.unit.Applied.Underway;
import fleet.agent.unit.Fence.Disturbance;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.store.StoreException;
import fleet.testing.store.FaultyStore;
import fleet.testing.store.MemoryStore;
import fleet.testing.systemd.SimulatedSystemd;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Whether an exclusive unit that is up no more has ended by itself, or may have been stopped.
class LeaseGuardTest {

  private static final UnitName.Placeable DB =
      (UnitName.Placeable) UnitName.parse("db.service").orElseThrow();
  private static final UnitFile FILE =
      UnitFile.parse("[Service]\nExecStart=/bin/true\n[X-Fleet]\nExclusive=true\n").orElseThrow();
  private static final Duration TTL = Duration.ofSeconds(3);

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final MemoryStore memory = new MemoryStore(environment);
  private final Lease lease = new Lease(environment, TTL);
  private final SimulatedSystemd systemd = new SimulatedSystemd(environment);
  private boolean away;
  private TargetState target = TargetState.INACTIVE;
  private final Switches switches =
      new Switches(
          environment,
          new FaultyStore(memory, new Way()),
          systemd,
          lease,
          AgentOptions.DEFAULTS.withTtl(TTL),
          environment.signal("armed"));
  private final LeaseGuard guard = new LeaseGuard(lease, switches, () -> away);
  private final UnitTable table = new UnitTable(environment, AgentOptions.DEFAULTS, new OwnUnits());

  private final class Way implements FaultyStore.Weather {
    @Override
    public void out(String request) {
      if (away) {
        throw new StoreException.Unavailable("the store is away");
      }
    }
  }

  private long hold() {
    long id = memory.grant(TTL);
    lease.ended();
    lease.granted(id, environment.sinceBoot());
    lease.joined(id);
    return id;
  }

  private void pass(long milliseconds) {
    environment.run(Duration.ofMillis(milliseconds));
  }

  private static SortedMap<UnitName.Placeable, LocalUnit> seen(String active) {
    var observed = new TreeMap<UnitName.Placeable, LocalUnit>();
    observed.put(
        DB, new LocalUnit(new OnDisk.Present(FILE.hash()), "loaded", active, "", "success", ""));
    return observed;
  }

  private void assign(TargetState told, long under) {
    target = told;
    var assigned = new TreeMap<UnitName.Placeable, Assignment>();
    assigned.put(DB, new Assignment(DB, FILE, told, 1));
    table.assign(assigned, new TreeMap<>(), new TreeMap<>(), under);
  }

  private String look(String active) {
    long before = guard.disturbances();
    var expected = table.expected().orElseThrow();
    var disturbances = new TreeMap<UnitName.Placeable, Disturbance>();
    disturbances.put(DB, guard.disturbance(DB, before));
    var step =
        Step.of(
            table.records(),
            new Sight(
                expected,
                seen(active),
                guard.permissions(expected),
                disturbances,
                false,
                table.failures(),
                environment.uptime(),
                environment.uptime()));
    step.ready().noted((records, _) -> table.take(records));
    return step.cutDown().toString();
  }

  /// Guards what was read under that lease.
  private void guard(long under, String active) {
    assign(target, under);
    guard.guard(table.expected().orElseThrow(), seen(active), new TreeSet<>());
    pass(100);
  }

  /// Under a lease, with a switch that is armed.
  private void begin() {
    environment.fork("switches", switches::run);
    long under = hold();
    assign(TargetState.LAUNCHED, under);
    guard(under, "inactive");
    var assignment = new Assignment(DB, FILE, TargetState.LAUNCHED, 1);
    table.note(DB, record -> record.starting(assignment, Underway.START, "", guard.disturbances()));
    guard(under, "active");
    assertEquals("[]", look("active"));
  }

  @Test
  void unitThatEndsUnderItsLeaseWithItsSwitchArmedHasEndedByItself() {
    begin();

    assertEquals("[]", look("inactive"));
    assertEquals("[]", table.up().toString());
  }

  @Test
  void unitThatEndsWhileTheMachineComesUnderAnotherLeaseIsCutDown() {
    begin();

    hold();

    assertEquals("[db.service]", look("inactive"));
    assertEquals("[]", look("inactive"));
  }

  @Test
  void unitThatEndsWhileNoSwitchCanBeArmedIsCutDown() {
    begin();
    long misses = switches.misses();

    away = true;
    pass(14_000);
    away = false;
    long under = hold();
    guard(under, "active");
    pass(100);

    assertEquals(misses + 1, switches.misses());
    assertEquals("[db.service]", look("inactive"));
  }

  @Test
  void everyLapseAndEveryMissIsADisturbance() {
    begin();
    long before = guard.disturbances();
    long lapses = lease.lapses();
    long misses = switches.misses();

    away = true;
    pass(14_000);
    away = false;
    guard(hold(), "active");

    long lapsed = lease.lapses() - lapses;
    long missed = switches.misses() - misses;
    assertEquals(2, lapsed, "it was given up, and is another now");
    assertEquals(1, missed);
    assertEquals(before + lapsed + missed, guard.disturbances());
  }

  /// Without one nobody can start it.
  @Test
  void unitThatIsOnlyLoadedHasNoSwitch() {
    begin();
    assertEquals(true, systemd.switches().fires(DB).isPresent());

    assign(TargetState.LOADED, lease.id());
    guard(lease.id(), "inactive");

    assertEquals(Optional.empty(), systemd.switches().fires(DB));
    assertEquals(false, guard.isExclusive(DB));
  }
}
