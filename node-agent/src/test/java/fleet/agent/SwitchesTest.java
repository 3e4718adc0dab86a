package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.pace.AgentOptions;
import fleet.agent.presence.Lease;
import fleet.agent.systemd.DeadMansSwitches;
import fleet.cluster.store.StoreException;
import fleet.testing.store.FaultyStore;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// How the dead man's switches of exclusive units are kept from firing (docs/decisions, 0020).
class SwitchesTest {

  private static final Duration TTL = Duration.ofSeconds(3);
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// After an instant in which something is done.
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final MemoryStore memory = new MemoryStore(environment);
  private final Lease lease = new Lease(environment, TTL);
  private final List<String> asked = new ArrayList<>();
  private Duration arming = Duration.ZERO;
  private boolean away;
  private boolean refuses;
  private final Switches switches =
      new Switches(
          environment,
          new FaultyStore(memory, new Listener()),
          new Recorder(),
          lease,
          AgentOptions.DEFAULTS.withTtl(TTL),
          environment.signal("armed"));

  /// Notes what the store is asked.
  private final class Listener implements FaultyStore.Weather {
    @Override
    public void out(String request) {
      asked.add(request);
      if (away) {
        throw new StoreException.Unavailable("the store is away");
      }
    }
  }

  /// Notes what systemd is asked.
  private final class Recorder implements DeadMansSwitches {
    @Override
    public SortedMap<UnitName.Placeable, String> arm(SortedMap<UnitName.Placeable, Duration> after)
        throws InterruptedException {
      asked.add("arm " + after);
      environment.sleep(arming);
      var problems = new TreeMap<UnitName.Placeable, String>();
      if (refuses) {
        after.keySet().forEach(unit -> problems.put(unit, "its switch is killing it"));
      }
      return problems;
    }

    @Override
    public void confirm(SortedSet<UnitName.Placeable> units) {
      asked.add("confirm " + units);
    }

    @Override
    public void disarm(SortedSet<UnitName.Placeable> units) {
      asked.add("disarm " + units);
    }
  }

  private long hold() {
    long id = memory.grant(TTL);
    lease.ended();
    lease.granted(id, environment.sinceBoot());
    lease.joined(id);
    return id;
  }

  private void run(Duration span) {
    environment.run(span);
  }

  private List<String> news() {
    var news = List.copyOf(asked);
    asked.clear();
    return news;
  }

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static SortedMap<UnitName.Placeable, Duration> assigned(String... units) {
    var assigned = new TreeMap<UnitName.Placeable, Duration>();
    for (String unit : units) {
      assigned.put(unit(unit), GRACE);
    }
    return assigned;
  }

  private static SortedSet<UnitName.Placeable> up(String... units) {
    var up = new TreeSet<UnitName.Placeable>();
    for (String unit : units) {
      up.add(unit(unit));
    }
    return up;
  }

  private static SortedMap<UnitName.Placeable, Duration> none() {
    return Collections.unmodifiableSortedMap(new TreeMap<>());
  }

  private void begin() {
    environment.fork("switches", switches::run);
    run(MOMENT);
  }

  @Test
  void aSwitchThatWasArmedForALongerGraceAllowsNoStartOfATextWithAShorterOne() {
    long held = hold();
    begin();
    switches.guard(held, assigned("db.service"), up());
    run(MOMENT);
    var shorter = assigned("db.service");
    shorter.replaceAll((_, grace) -> grace.dividedBy(5));

    assertEquals(up(), switches.armed(shorter));

    switches.guard(held, shorter, up());
    run(MOMENT);

    assertEquals(up("db.service"), switches.armed(shorter));
  }

  @Test
  void anotherSwitchIsArmedBeforeARenewalIsAskedForAndTheFirstGivesWayWhenThatHasSucceeded() {
    long held = hold();
    begin();

    switches.guard(held, assigned("db.service"), up());
    run(MOMENT);
    assertEquals(List.of("arm {db.service=PT13S}", "keepAlive", "confirm [db.service]"), news());

    run(Duration.ofMillis(1_998));
    assertEquals(List.of(), news());
    run(MOMENT);
    assertEquals(List.of("arm {db.service=PT13S}", "keepAlive", "confirm [db.service]"), news());
  }

  @Test
  void whereNoRenewalSucceedsTheFirstSwitchGivesWayToNone() {
    long held = hold();
    begin();
    switches.guard(held, assigned("db.service"), up());
    run(MOMENT);
    news();

    away = true;
    run(Duration.ofSeconds(2).plus(Duration.ofMillis(300)));

    assertEquals(
        List.of("arm {db.service=PT13S}", "keepAlive", "arm {db.service=PT13S}", "keepAlive"),
        news());
  }

  @Test
  void aLeaseThatIsNoMoreConfirmsNoSwitch() {
    long held = hold();
    memory.revoke(held);
    begin();

    switches.guard(held, assigned("db.service"), up());
    run(MOMENT);

    assertEquals(List.of("arm {db.service=PT13S}", "keepAlive"), news());
    assertEquals(up(), switches.armed(assigned("db.service")));
  }

  /// However long it takes to arm it, and to hear of it.
  @Test
  void aSwitchCountsFromBeforeItWasArmed() {
    long held = hold();
    arming = Duration.ofSeconds(2);
    begin();
    switches.guard(held, assigned("db.service"), up());
    run(arming.plus(MOMENT));
    assertEquals(up("db.service"), switches.armed(assigned("db.service")));

    away = true;
    run(TTL.plus(GRACE).minus(arming).minus(MOMENT).minusNanos(1));
    assertEquals(up("db.service"), switches.armed(assigned("db.service")));
    assertEquals(false, switches.mayHaveFired(unit("db.service")));

    run(Duration.ofNanos(1));
    assertEquals(up(), switches.armed(assigned("db.service")));
    assertEquals(true, switches.mayHaveFired(unit("db.service")));
  }

  @Test
  void whatWasArmedUnderAnEarlierLeaseIsArmedUnderALaterOneOnlyWhenThatIsReadToBeAssigned() {
    long first = hold();
    begin();
    switches.guard(first, assigned("db.service"), up("db.service"));
    run(MOMENT);
    news();

    long second = hold();
    run(Duration.ofMillis(2_500));
    assertEquals(List.of(), news());
    assertEquals(up(), switches.armed(assigned("db.service")));

    memory.keepAlive(second);
    switches.guard(second, assigned("db.service"), up("db.service"));
    run(MOMENT);
    assertEquals(List.of("arm {db.service=PT13S}", "keepAlive", "confirm [db.service]"), news());
    assertEquals(up("db.service"), switches.armed(assigned("db.service")));
  }

  @Test
  void whatWasWithheldUnderALaterLeaseIsNotArmedThereThoughItRuns() {
    long first = hold();
    begin();
    switches.guard(first, assigned("db.service"), up("db.service"));
    run(MOMENT);
    news();

    long second = hold();
    switches.guard(second, none(), up("db.service"));
    run(Duration.ofMillis(2_500));

    assertEquals(List.of(), news());
  }

  @Test
  void whatIsStoppingIsArmedUnderItsLeaseUntilItHasStopped() {
    long held = hold();
    begin();
    switches.guard(held, assigned("db.service"), up("db.service"));
    run(MOMENT);
    news();

    switches.guard(held, none(), up("db.service"));
    run(MOMENT);
    assertEquals(List.of("arm {db.service=PT13S}", "keepAlive", "confirm [db.service]"), news());

    switches.guard(held, none(), up());
    run(MOMENT);
    assertEquals(List.of("disarm [db.service]"), news());
    assertEquals(false, switches.know(unit("db.service")));
  }

  @Test
  void aSwitchThatCannotBeArmedIsNotConfirmed() {
    long held = hold();
    refuses = true;
    begin();

    switches.guard(held, assigned("db.service"), up());
    run(MOMENT);

    assertEquals(List.of("arm {db.service=PT13S}", "keepAlive", "confirm []"), news());
    assertEquals(up(), switches.armed(assigned("db.service")));
  }

  @Test
  void aMachineThatHoldsNoLeaseArmsNothing() {
    begin();

    switches.guard(0, assigned("db.service"), up("db.service"));
    run(Duration.ofSeconds(10));

    assertEquals(List.of(), news());
  }

  /// A unit that may stop quickly must not be armed anew so seldom that it fires.
  @Test
  void theShortestGraceSaysHowOftenSwitchesAreArmed() {
    long held = hold();
    begin();
    var assigned = new TreeMap<>(assigned("slow.service"));
    assigned.put(unit("quick.service"), Duration.ofSeconds(1));
    switches.guard(held, assigned, up());
    run(MOMENT);
    news();

    run(Duration.ofMillis(749));
    assertEquals(
        List.of(
            "arm {quick.service=PT4S, slow.service=PT13S}",
            "keepAlive",
            "confirm [quick.service, slow.service]"),
        news());
  }

  /// That one may have fired: the agent must find out what has become of the unit.
  @Test
  void aSwitchThatWasArmedTooLateIsAMiss() {
    long held = hold();
    begin();
    switches.guard(held, assigned("db.service"), up("db.service"));
    run(MOMENT);
    assertEquals(1, switches.misses());

    away = true;
    run(Duration.ofSeconds(14));
    away = false;
    long next = hold();
    switches.guard(next, assigned("db.service"), up("db.service"));
    run(Duration.ofMillis(500));

    assertEquals(2, switches.misses());
    assertEquals(true, switches.mayHaveFired(unit("db.service")));

    run(Duration.ofSeconds(2));
    assertEquals(3, switches.misses(), "the one before may have killed until now");
    assertEquals(false, switches.mayHaveFired(unit("db.service")));
    run(Duration.ofSeconds(2));
    assertEquals(3, switches.misses());
  }
}
