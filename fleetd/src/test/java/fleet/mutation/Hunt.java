package fleet.mutation;

import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.stream.LongStream;

/// Runs the standard sweep, the histories that every build goes through, on the code of one
/// [Mutant].
final class Hunt {

  private final Method history;
  private final Object rough;
  private final long seeds;

  Hunt(Mutant mutant) throws IOException, ReflectiveOperationException {
    var code = MutatedCode.of(mutant);
    Class<?> simulation = code.loadClass("fleet.simulation.Simulation");
    Class<?> kind = code.loadClass("fleet.simulation.Kind");
    rough = accessible(kind.getDeclaredField("ROUGH")).get(null);
    history = accessible(simulation.getDeclaredMethod("run", kind, long.class));
    seeds = accessible(simulation.getDeclaredField("STANDARD_SEEDS")).getLong(null);
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }

  /// A mutant that was caught.
  ///
  /// @param seed of the history in which it was
  /// @param violation what was seen
  record Catch(long seed, String violation) {}

  /// Goes through the sweep until the mutant is caught; empty if it is not.
  ///
  /// @param likely a seed to begin with, if it is one of the sweep
  Optional<Catch> run(long likely) throws ReflectiveOperationException {
    long[] order =
        LongStream.concat(LongStream.of(likely), LongStream.rangeClosed(1, seeds))
            .filter(seed -> seed >= 1 && seed <= seeds)
            .distinct()
            .toArray();
    for (long seed : order) {
      Optional<String> violation = violation(seed);
      if (violation.isPresent()) {
        return Optional.of(new Catch(seed, violation.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> violation(long seed) throws ReflectiveOperationException {
    try {
      history.invoke(null, rough, seed);
      return Optional.empty();
    } catch (InvocationTargetException ended) {
      if (ended.getCause() instanceof AssertionError violation) {
        return String.valueOf(violation.getMessage())
            .lines()
            .findFirst()
            .map(line -> line.replaceFirst("^rough \\d+, at \\S+, commit [^:]*: ", ""));
      }
      throw ended;
    }
  }
}
