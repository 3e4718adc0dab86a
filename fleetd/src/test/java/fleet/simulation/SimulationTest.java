package fleet.simulation;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// A short sweep, and all seeds that have ever found a bug.
class SimulationTest {

  private static final long SEEDS = Long.getLong("fleet.seeds", 30);

  /// Each found a bug, which its commit names.
  private static final long[] REGRESSIONS = {2014, 3060};

  /// To look at one alone.
  private static final @Nullable Long ONLY = Long.getLong("fleet.seed");

  @TestFactory
  Stream<DynamicTest> promisesAreKept() {
    LongStream seeds =
        ONLY == null
            ? LongStream.concat(LongStream.rangeClosed(1, SEEDS), LongStream.of(REGRESSIONS))
            : LongStream.of(ONLY);
    return seeds.mapToObj(seed -> dynamicTest("seed " + seed, () -> Simulation.rough(seed)));
  }
}
