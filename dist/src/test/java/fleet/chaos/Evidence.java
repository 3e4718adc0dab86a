package fleet.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All that is known of a time of trouble.
///
/// @param storeHolder the node that holds the store; empty if none does
/// @param companions units that go where another goes: by their names, those others
/// @param exclusive units of which there must never be two copies
record Evidence(
    List<Run> runs,
    List<Trouble> troubles,
    List<Command> commands,
    String storeHolder,
    SortedMap<String, String> companions,
    SortedSet<String> exclusive) {

  Evidence {
    runs = List.copyOf(runs);
    troubles = List.copyOf(troubles);
    commands = List.copyOf(commands);
    companions = Collections.unmodifiableSortedMap(new TreeMap<>(companions));
    exclusive = Collections.unmodifiableSortedSet(new TreeSet<>(exclusive));
  }

  /// Times in which the store could not be reached by anybody.
  List<Trouble> storeAway() {
    return troubles.stream()
        .filter(
            trouble ->
                trouble.fault().effect() == Fault.Effect.STORE
                    || (trouble.node().equals(storeHolder) && trouble.mayStopUnits()))
        .toList();
  }

  /// The end of a span, if only such time counts in which the store is there.
  Instant after(Instant begin, Duration span) {
    Instant end = begin.plus(span);
    for (Trouble away : storeAway()) {
      if (away.overlaps(begin, end)) {
        Instant later = away.to().plus(span);
        end = later.isAfter(end) ? later : end;
      }
    }
    return end;
  }
}
