package fleet.mutation;

import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// Runs the standard sweep, the histories that every build goes through, on the code of one
/// [Mutant].
final class Hunt {

  private final Method run;
  private final List<History> sweep;

  Hunt(Mutant mutant) throws IOException, ReflectiveOperationException {
    var code = MutatedCode.of(mutant);
    Class<?> simulation = code.loadClass("fleet.simulation.Simulation");
    Class<?> kind = code.loadClass("fleet.simulation.Kind");
    run = accessible(simulation.getDeclaredMethod("run", kind, long.class));
    Method standardSeeds = accessible(kind.getDeclaredMethod("standardSeeds"));
    var histories = new ArrayList<History>();
    for (Object each : kind.getEnumConstants()) {
      long seeds = (long) standardSeeds.invoke(each);
      LongStream.rangeClosed(1, seeds).forEach(seed -> histories.add(new History(each, seed)));
    }
    histories.sort(Comparator.comparingLong(History::seed));
    sweep = List.copyOf(histories);
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }

  /// @param kind as the mutated code has it
  private record History(Object kind, long seed) {
    @Override
    public String toString() {
      return kind + " " + seed;
    }
  }

  /// A mutant that was caught.
  ///
  /// @param history in which it was
  /// @param violation what was seen
  record Catch(String history, String violation) {}

  /// Goes through the sweep until the mutant is caught, the kinds of histories by turns; empty if
  /// it is not.
  ///
  /// @param likely a history to begin with, if it is one of the sweep
  Optional<Catch> run(String likely) throws ReflectiveOperationException {
    var order = new ArrayList<>(sweep);
    order.sort(Comparator.comparing(history -> !history.toString().equals(likely)));
    for (History history : order) {
      Optional<String> violation = violation(history);
      if (violation.isPresent()) {
        return Optional.of(new Catch(history.toString(), violation.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> violation(History history) throws ReflectiveOperationException {
    try {
      run.invoke(null, history.kind(), history.seed());
      return Optional.empty();
    } catch (InvocationTargetException ended) {
      if (ended.getCause() instanceof AssertionError violation) {
        return String.valueOf(violation.getMessage())
            .lines()
            .findFirst()
            .map(line -> line.replaceFirst("^" + history + ", at \\S+, commit [^:]*: ", ""));
      }
      throw ended;
    }
  }
}
