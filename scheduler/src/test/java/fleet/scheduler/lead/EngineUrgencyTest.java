package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Explanation;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.store.Store.Op;
import fleet.scheduler.lead.EngineScene.Node;
import fleet.scheduler.plan.ClusterScene;
import fleet.scheduler.plan.Plan;
import fleet.scheduler.plan.Planner;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a leader writes first, where many units wait and have to be told why: counted, in writes
/// and bytes, and not timed.
class EngineUrgencyTest {

  private static final int MACHINES = 200;
  private static final int UNITS = 2_000;

  /// Less than the time after which a leader plans though nothing has changed.
  private static final Duration SOON = SECOND.multipliedBy(5);

  private static final String EXPLANATIONS = "/fleet/explanations/";
  private static final String REASONS = "/fleet/reasons/";

  private final EngineScene world = new EngineScene(1);
  private final List<Op> written = new ArrayList<>();

  private static String machine(int i) {
    return "%032x".formatted(i);
  }

  /// Machines that can take one of many units each, of which most wait; and one unit more, that any
  /// machine can take, and whose name sorts last.
  private Node crowded(int machines, int units) {
    world.act(
        () -> {
          for (int i = 0; i < machines; i++) {
            world.registry.announce(
                new Machine(new MachineId(machine(i)), "", new TreeMap<>(), "2", "boot"),
                0,
                Optional.empty());
          }
        });
    submit(0, units);
    world.launch("z.service");
    var leader = world.node("aaaa").compete();
    leader.link.witness = written::addAll;
    return leader;
  }

  private void submit(int from, int to) {
    world.submit(
        ClusterScene.file(List.of("Conflicts=web@*.service")),
        IntStream.range(from, to).mapToObj(i -> "web@" + i + ".service").toArray(String[]::new));
  }

  private void lose(String machine) {
    world.delete("machines/" + machine);
  }

  private String machine(String unit) {
    return world.assignments().getOrDefault(unit, "nowhere");
  }

  private static long bytes(List<Op> ops) {
    return ops.stream()
        .mapToLong(
            op -> op.key().length() + (op instanceof Op.Put(_, var value, _) ? value.length() : 0))
        .sum();
  }

  private long explanationsWritten() {
    return written.stream().filter(op -> op.key().startsWith(EXPLANATIONS)).count();
  }

  private int shared() {
    return world.store.range(REASONS).entries().size();
  }

  /// What is said of each unit is what a plan of the same cluster says.
  private void assertAllIsSaid() {
    world.act(
        () -> {
          try (var mirror = world.registry.mirror(world.environment.signal("judge"))) {
            var cluster = mirror.snapshot();
            SortedMap<UnitName, Explanation> expected = new TreeMap<>();
            for (var step : Planner.plan(cluster).steps()) {
              if (step instanceof Plan.Step.Leave(var unit, var obstacle)) {
                expected.put(unit, obstacle.explanation());
              }
            }
            assertEquals(expected.keySet(), cluster.explanations().keySet());
            assertEquals(expected, cluster.explanations());
            assertEquals(new TreeMap<>(), mirror.problems());
          }
        });
  }

  @Test
  void whatANewLeaderWritesFirstIsWhatReplacesALostUnit() {
    var first = crowded(MACHINES, UNITS);
    world.run(SOON);
    String lost = machine("z.service");
    var second = world.node("bbbb").compete();
    world.run(SECOND);
    var byTheNext = new ArrayList<Op>();
    second.link.witness = byTheNext::addAll;

    lose(lost);
    first.powerOff();
    world.run(SOON);

    String now = machine("z.service");
    assertEquals(
        List.of(
            "/fleet/leader",
            "/fleet/evicted/" + lost,
            "/fleet/assignments/" + lost + "/z.service",
            "/fleet/assignments/" + now + "/z.service"),
        byTheNext.subList(0, 4).stream().map(Op::key).toList());
    assertAllIsSaid();
  }

  @Test
  void whatIsSaidOfTwoThousandUnitsIsAFractionOfWhatEachWouldTake() {
    crowded(MACHINES, UNITS);

    world.run(SOON);

    assertAllIsSaid();
    assertEquals(1, shared());
    var said =
        written.stream()
            .filter(op -> op.key().startsWith(EXPLANATIONS) || op.key().startsWith(REASONS))
            .toList();
    assertEquals(UNITS - MACHINES + 1, said.size());
    assertTrue(bytes(said) < 300_000, () -> bytes(said) + " bytes");
  }

  @Test
  void aMachineThatIsLostWhileItIsSaidWhyUnitsWaitIsDealtWithFirst() {
    var leader = crowded(MACHINES, MACHINES);
    world.run(SOON);
    String lost = machine("z.service");
    var after = new ArrayList<List<Op>>();
    leader.link.witness =
        ops -> {
          if (!isThere(lost)) {
            after.add(ops);
          } else if (ops.stream().allMatch(op -> op.key().startsWith(EXPLANATIONS))) {
            lose(lost);
          }
        };

    submit(MACHINES, UNITS);
    world.run(SOON);

    assertTrue(!machine("z.service").equals(lost), "it is replaced");
    assertEquals(
        List.of("/fleet/evicted/" + lost, "/fleet/assignments/" + lost + "/z.service"),
        after.getFirst().subList(0, 2).stream().map(Op::key).toList(),
        "nothing else is written before");
    assertAllIsSaid();
  }

  private boolean isThere(String machine) {
    return world.store.read("/fleet/machines/" + machine).isPresent();
  }

  @Test
  void whatWasGivenWayToANewerPlanIsSaidAfterIt() {
    var leader = crowded(MACHINES, UNITS);
    boolean[] changed = {false};
    leader.link.witness =
        ops -> {
          written.addAll(ops);
          if (!changed[0] && explanationsWritten() > UNITS / 2) {
            changed[0] = true;
            world.put("overlays/" + machine(3), "{\"metadata\":{\"disk\":\"ssd\"}}");
          }
        };

    world.run(SOON);

    assertTrue(changed[0]);
    assertAllIsSaid();
    assertEquals(UNITS - MACHINES, explanationsWritten(), "and nothing of it twice");
  }

  @Test
  void whereThereIsAlwaysANewerPlanAllIsSaidLittleByLittle() {
    crowded(3, 500);
    int[] changes = {0};
    world.environment.fork(
        "users",
        () -> {
          while (true) {
            String round = "{\"metadata\":{\"round\":\"" + changes[0]++ + "\"}}";
            world.put("overlays/" + machine(1), round);
            world.environment.sleep(Duration.ofMillis(5));
          }
        });

    world.run(SECOND);

    assertEquals(497, world.explained().size());
  }

  @Test
  void reasonsStayForAsLongAsAnyUnitIsRefusedForThem() {
    crowded(3, 6);
    world.run(SOON);
    assertEquals(List.of("web@3.service", "web@4.service", "web@5.service"), world.explained());
    assertEquals(1, shared());

    world.delete("units/web@3.service");
    world.delete("units/web@4.service");
    world.run(SOON);
    assertEquals(List.of("web@5.service"), world.explained());
    assertEquals(1, shared());
    assertAllIsSaid();

    world.delete("units/web@5.service");
    world.run(SOON);
    assertEquals(List.of(), world.explained());
    assertEquals(0, shared());
  }

  @Test
  void whatIsSaidOfAUnitThatCannotBeReadStaysWithItsReasons() {
    crowded(3, 6);
    world.run(SOON);

    world.put("units/web@3.service", "garbage");
    world.delete("units/web@4.service");
    world.delete("units/web@5.service");
    world.run(SOON);

    assertEquals(List.of("web@3.service"), world.explained());
    assertEquals(1, shared());
  }

  @Test
  void otherReasonsComeBeforeWhatRefersToThemAndTheFormerGoAfterIt() {
    crowded(3, 6);
    world.run(SOON);
    written.clear();

    lose(machine(2));
    world.run(SOON);

    assertAllIsSaid();
    assertEquals(1, shared());
    var words = written.stream().filter(op -> !op.key().startsWith("/fleet/assignments/")).toList();
    int first = indexOf(words, EXPLANATIONS);
    assertTrue(words.subList(0, first).stream().anyMatch(op -> isReasons(op, true)), "written");
    assertTrue(isReasons(words.getLast(), false), words.getLast().toString());
    assertEquals(1, words.stream().filter(op -> isReasons(op, false)).count());
  }

  private static boolean isReasons(Op op, boolean put) {
    return op.key().startsWith(REASONS) && op instanceof Op.Put == put;
  }

  private static int indexOf(List<Op> ops, String prefix) {
    return ops.indexOf(
        ops.stream().filter(op -> op.key().startsWith(prefix)).findFirst().orElseThrow());
  }

  @Test
  void reasonsThatAStrangerTakesAwayAreWrittenAgain() {
    crowded(3, 6);
    world.run(SOON);
    String key = world.store.range(REASONS).entries().firstKey();

    world.delete(key.substring("/fleet/".length()));
    world.run(Duration.ofMinutes(1));

    assertEquals(1, shared());
    assertAllIsSaid();
  }

  @Test
  void reasonsEndWithTheTermAsExplanationsDo() {
    var leader = crowded(3, 6);
    world.run(SOON);
    assertEquals(1, shared());

    leader.powerOff();
    world.run(SOON);

    assertEquals(List.of(), world.explained());
    assertEquals(0, shared());
  }

  @Test
  void whatDoesNotWaitAnyLongerIsUnsaidWithItsPlace() {
    var world = new EngineScene(1);
    var leader = world.node("aaaa").compete();
    var keys = new ArrayList<String>();
    world.launch("web.service");
    world.run(EngineScene.SECOND);
    leader.link.witness =
        ops -> keys.add(String.join(" ", ops.stream().map(op -> op.key()).toList()));

    leader.join();
    world.run(EngineScene.SECOND);

    assertEquals(
        List.of("/fleet/assignments/aaaa/web.service /fleet/explanations/web.service"),
        keys.stream().filter(key -> !key.contains("machines/")).toList());
  }
}
