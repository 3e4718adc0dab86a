package fleet.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.Cable;
import fleet.agent.pace.AgentOptions;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.testing.store.FaultyStore;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a store says of units whose answers were lost.
class StatePublisherTest {

  private static final MachineId ID = new MachineId("6f1a2b3c4d5e6f708192a3b4c5d6e7f8");
  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web.service").orElseThrow();

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final MemoryStore memory = new MemoryStore(environment);
  private final Cable cable = new Cable(environment);
  private final Registry registry =
      new Registry(new FaultyStore(memory, cable), new Keyspace("/fleet/"));
  private long lease = memory.grant(Duration.ofHours(1));
  private final StatePublisher publisher =
      new StatePublisher(
          environment,
          registry,
          ID,
          () -> lease,
          AgentOptions.DEFAULTS,
          environment.signal("states changed"));

  @BeforeEach
  void begin() {
    environment.fork("publisher", publisher::run);
    environment.run(Duration.ofSeconds(1));
  }

  private static SortedMap<UnitName.Placeable, UnitState> web(String active) {
    var states = new TreeMap<UnitName.Placeable, UnitState>();
    states.put(
        WEB,
        new UnitState(
            TargetState.LAUNCHED, 1, "loaded", active, "", Optional.empty(), "", "", List.of()));
    return states;
  }

  /// Offers states, and waits for a moment: less than it takes until they are told once more.
  private void offer(SortedMap<UnitName.Placeable, UnitState> states) {
    publisher.offer(states);
    environment.run(Duration.ofMillis(200));
  }

  private String told() {
    return memory.range("/fleet/states/").entries().values().stream()
        .map(entry -> entry.value().contains("\"failed\"") ? "failed" : "active")
        .toList()
        .toString();
  }

  @Test
  void stateThatIsWhatItWasBeforeAnotherWhoseAnswerWasLostIsToldAgain() {
    offer(web("active"));
    cable.loseAnswers(1);
    offer(web("failed"));
    assertEquals("[failed]", told());

    offer(web("active"));

    assertEquals("[active]", told());
    assertEquals(new TreeMap<>(), publisher.pending());
  }

  @Test
  void stateOfAUnitThatIsBackIsToldAgainWhereTheAnswerThatItWasGoneWasLost() {
    offer(web("active"));
    cable.loseAnswers(1);
    offer(new TreeMap<>());
    assertEquals("[]", told());

    offer(web("active"));

    assertEquals("[active]", told());
  }

  @Test
  void whatWasNotAnsweredIsToldOnceMoreSoon() {
    cable.loseAnswers(1);
    offer(web("active"));
    assertEquals(web("active"), publisher.pending());

    environment.run(Duration.ofSeconds(1));

    assertEquals(new TreeMap<>(), publisher.pending());
  }

  @Test
  void allThatIsNewIsPendingWhileTheMachineIsNotPresent() {
    lease = 0;
    offer(web("active"));

    assertEquals(web("active"), publisher.wanted());
    assertEquals(web("active"), publisher.pending());
    assertEquals("[]", told());
  }
}
