package fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A short sweep, and all seeds that have ever found a bug.
class SimulationTest {

  private static final long SEEDS = Long.getLong("fleet.seeds", Simulation.STANDARD_SEEDS);

  /// A seed that found a bug, which its commit names.
  private record Regression(Kind kind, long seed) {}

  private static final List<Regression> REGRESSIONS =
      List.of(new Regression(Kind.ROUGH, 2014), new Regression(Kind.ROUGH, 3060));

  @TestFactory
  Stream<DynamicTest> promisesAreKeptWhereverFaultsHit() {
    return LongStream.rangeClosed(1, SEEDS)
        .mapToObj(seed -> dynamicTest("rough " + seed, () -> Simulation.run(Kind.ROUGH, seed)));
  }

  @TestFactory
  Stream<DynamicTest> promisesAreKeptInUsualLife() {
    return LongStream.rangeClosed(1, 4)
        .mapToObj(
            seed ->
                dynamicTest(
                    "usual " + seed,
                    () ->
                        Simulation.run(
                            Kind.USUAL, seed, Shape.any(seed).during(Duration.ofHours(12)))));
  }

  @TestFactory
  Stream<DynamicTest> nobodyIsGivenUpOnABadNetwork() {
    return LongStream.rangeClosed(1, 2)
        .mapToObj(
            seed ->
                dynamicTest(
                    "lossy " + seed,
                    () ->
                        Simulation.run(
                            Kind.LOSSY, seed, Shape.DEFAULT.during(Duration.ofHours(12)))));
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
  }
}
