package fleet.simulation;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/// The last things that happened in a world, for whoever must find out why it went wrong, and how
/// often which fault was drawn.
final class Chronicle {

  private static final System.Logger LOG = System.getLogger(Chronicle.class.getName());

  private static final int KEPT = 100;

  private final Supplier<String> time;
  private final Deque<String> last = new ArrayDeque<>();
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);

  /// @param time what time it is
  Chronicle(Supplier<String> time) {
    this.time = time;
  }

  void note(String what) {
    if (last.size() == KEPT) {
      last.remove();
    }
    String line = time.get() + " " + what;
    LOG.log(Level.INFO, line);
    last.add(line);
  }

  /// Something that was done to the world on purpose.
  ///
  /// @param whom to whom, and how much of it
  void fault(Fault fault, String whom) {
    faults.merge(fault, 1L, Long::sum);
    note("FAULT " + fault + ": " + whom);
  }

  Map<Fault, Long> faults() {
    return Collections.unmodifiableMap(faults);
  }

  @Override
  public String toString() {
    return String.join("\n", last);
  }
}
