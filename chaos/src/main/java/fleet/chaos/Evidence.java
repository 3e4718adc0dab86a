package fleet.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All that is known of a time of trouble.
///
/// @param storeHolder the node that holds the store; empty if none does
record Evidence(
    List<Run> runs,
    List<Trouble> troubles,
    List<UserCommand> commands,
    String storeHolder,
    Traits traits) {

  /// Between two troubles that are not further apart a lease may not have been renewed.
  private static final Duration RENEWAL = Duration.ofMillis(1_500);

  Evidence {
    runs = List.copyOf(runs);
    troubles = List.copyOf(troubles);
    commands = List.copyOf(commands);
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

  /// A time in which one machine and the store may not have heard each other.
  ///
  /// @param grave whether it was longer than its end says, as after a power cut daemons must start
  record Silence(Instant from, Instant to, boolean grave) {}

  /// Such times of a node that were long enough for its lease to lapse. Several short troubles, of
  /// the machine and of the store, make one long silence.
  List<Silence> silences(String node) {
    List<Silence> silences = new ArrayList<>();
    for (Trouble trouble : silencing(node)) {
      Silence last = silences.isEmpty() ? null : silences.getLast();
      if (last != null && !last.to().plus(RENEWAL).isBefore(trouble.from())) {
        silences.removeLast();
        Instant to = trouble.to().isAfter(last.to()) ? trouble.to() : last.to();
        silences.add(new Silence(last.from(), to, last.grave() || trouble.mayStopUnits()));
      } else {
        silences.add(new Silence(trouble.from(), trouble.to(), trouble.mayStopUnits()));
      }
    }
    silences.removeIf(
        silence ->
            !silence.grave()
                && Duration.between(silence.from(), silence.to()).compareTo(Trouble.SAFE) <= 0);
    return List.copyOf(silences);
  }

  private List<Trouble> silencing(String node) {
    return troubles.stream()
        .filter(
            trouble ->
                trouble.fault().effect() == Fault.Effect.STORE
                    || (trouble.fault().effect() != Fault.Effect.NONE
                        && (trouble.node().equals(node) || trouble.node().equals(storeHolder))))
        .sorted(Comparator.comparing(Trouble::from))
        .toList();
  }
}
