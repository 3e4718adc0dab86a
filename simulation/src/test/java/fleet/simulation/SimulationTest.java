package fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A short sweep, and all seeds that have ever found a bug.
@Tag("slow")
class SimulationTest {

  /// A seed that found a bug, which its commit names.
  private record Regression(Kind kind, long seed) {}

  private static final List<Regression> REGRESSIONS =
      List.of(new Regression(Kind.ROUGH, 2014), new Regression(Kind.ROUGH, 3060));

  @TestFactory
  Stream<DynamicTest> promisesAreKeptWhereverFaultsHit() {
    return standard(Kind.ROUGH);
  }

  @TestFactory
  Stream<DynamicTest> promisesAreKeptWhereFaultsAreAimedAtCalls() {
    return standard(Kind.AIMED);
  }

  private static Stream<DynamicTest> standard(Kind kind) {
    return LongStream.rangeClosed(1, kind.standardSeeds())
        .mapToObj(seed -> dynamicTest(kind + " " + seed, () -> Simulation.run(kind, seed)));
  }

  @TestFactory
  Stream<DynamicTest> promisesAreKeptInUsualLife() {
    return halfDays(Kind.USUAL, 4, Shape::any);
  }

  @TestFactory
  Stream<DynamicTest> nobodyIsGivenUpOnABadNetwork() {
    return halfDays(Kind.LOSSY, 2, _ -> Shape.DEFAULT);
  }

  private static Stream<DynamicTest> halfDays(Kind kind, int seeds, LongFunction<Shape> shape) {
    return LongStream.rangeClosed(1, seeds)
        .mapToObj(
            seed ->
                dynamicTest(
                    kind + " " + seed,
                    () ->
                        Simulation.run(
                            kind, seed, shape.apply(seed).during(Duration.ofHours(12)))));
  }

  @TestFactory
  Stream<DynamicTest> whatWasFoundOnceStaysMended() {
    return REGRESSIONS.stream()
        .map(
            regression ->
                dynamicTest(
                    regression.kind() + " " + regression.seed(),
                    () -> Simulation.run(regression.kind(), regression.seed())));
  }

  @Test
  void aHistoryFollowsFromItsSeed() {
    assertEquals(Simulation.run(Kind.ROUGH, 1), Simulation.run(Kind.ROUGH, 1));
    assertEquals(Simulation.run(Kind.AIMED, 1), Simulation.run(Kind.AIMED, 1));
  }
}
