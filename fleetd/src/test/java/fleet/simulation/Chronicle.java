package fleet.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/// The last things that happened in a world, for whoever must find out why it went wrong.
final class Chronicle {

  private static final int KEPT = 100;

  private final Supplier<String> time;
  private final Deque<String> last = new ArrayDeque<>();
  private long faults;

  /// @param time what time it is
  Chronicle(Supplier<String> time) {
    this.time = time;
  }

  void note(String what) {
    if (last.size() == KEPT) {
      last.remove();
    }
    last.add(time.get() + " " + what);
  }

  /// Something that was done to the world on purpose.
  void fault(String what) {
    faults++;
    note("FAULT " + what);
  }

  long faults() {
    return faults;
  }

  @Override
  public String toString() {
    return String.join("\n", last);
  }
}
