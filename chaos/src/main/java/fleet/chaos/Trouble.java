package fleet.chaos;

import java.time.Duration;
import java.time.Instant;

/// One fault, from when it began to when it was undone.
///
/// @param node what it befell; empty for the store
/// @param done when it had been brought about for certain: it was at some time since `from`
/// @param undoing when somebody began to undo it
record Trouble(Fault fault, String node, Instant from, Instant done, Instant undoing, Instant to) {

  /// A lease is 3 s long, of which 2.25 s remain at least; some of it is spent on the way.
  static final Duration SAFE = Duration.ofSeconds(2);

  /// Whether units of the machine may have been stopped, or moved, because of it.
  boolean mayStopUnits() {
    return switch (fault.effect()) {
      case TAKES_AWAY, SILENCES -> true;
      case NONE_IF_SHORT -> Duration.between(from, to).compareTo(SAFE) > 0;
      case NONE, STORE -> false;
    };
  }

  /// Whether the machine is off meanwhile.
  boolean takesMachineDown() {
    return fault == Fault.POWER_OFF || fault == Fault.REBOOT;
  }

  boolean endsAllProcesses() {
    return fault == Fault.POWER_OFF;
  }

  boolean overlaps(Instant begin, Instant end) {
    return from.isBefore(end) && to.isAfter(begin);
  }

  @Override
  public String toString() {
    return fault.words() + (node.isEmpty() ? "" : " " + node) + " " + from + "–" + to;
  }
}
