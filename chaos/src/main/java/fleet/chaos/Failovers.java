package fleet.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How long units of machines that fell silent were away. A function.
///
/// @param withStore those for which the store was there, whatever else was wrong
/// @param exclusive such of exclusive units, which wait until they have stopped for certain
/// @param without the others
record Failovers(List<Duration> withStore, List<Duration> exclusive, List<Duration> without) {

  /// Commands of users within this time make a move theirs.
  private static final Duration QUIET = Duration.ofSeconds(5);

  /// Less than this, and nobody need have moved the unit.
  private static final Duration SILENCE = Duration.ofSeconds(4);

  /// From the beginning of each silence to when a unit of that machine was active on another.
  static Failovers of(Evidence evidence) {
    List<Duration> withStore = new ArrayList<>();
    List<Duration> exclusive = new ArrayList<>();
    List<Duration> without = new ArrayList<>();
    for (Trouble trouble : evidence.troubles()) {
      if (isSilence(trouble)) {
        for (Run run : evidence.runs()) {
          if (run.node().equals(trouble.node())
              && run.started().isBefore(trouble.from())
              && !run.stopping().isBefore(trouble.from())
              && !runsElsewhere(evidence, run, trouble.from())) {
            Instant elsewhere = next(evidence, run, trouble);
            if (elsewhere.isBefore(Instant.MAX)
                && !isCommanded(evidence, run, trouble, elsewhere)) {
              var away = Duration.between(trouble.from(), elsewhere);
              if (!isStoreThere(evidence, trouble, elsewhere)) {
                without.add(away);
              } else if (evidence.traits().exclusive().contains(run.unit())) {
                exclusive.add(away);
              } else {
                withStore.add(away);
              }
            }
          }
        }
      }
    }
    withStore.sort(null);
    exclusive.sort(null);
    without.sort(null);
    return new Failovers(List.copyOf(withStore), List.copyOf(exclusive), List.copyOf(without));
  }

  private static boolean isSilence(Trouble trouble) {
    return trouble.fault() == Fault.POWER_OFF
        || (trouble.fault().effect() == Fault.Effect.SILENCES
            && Duration.between(trouble.from(), trouble.to()).compareTo(SILENCE) > 0);
  }

  /// So do global units, and surplus copies.
  private static boolean runsElsewhere(Evidence evidence, Run run, Instant instant) {
    return evidence.runs().stream()
        .anyMatch(
            other ->
                other.unit().equals(run.unit())
                    && !other.node().equals(run.node())
                    && other.runsAt(instant));
  }

  private static Instant next(Evidence evidence, Run run, Trouble trouble) {
    return evidence.runs().stream()
        .filter(other -> other.unit().equals(run.unit()))
        .filter(other -> !other.node().equals(run.node()))
        .map(Run::started)
        .filter(started -> started.isAfter(trouble.from()))
        .min(Instant::compareTo)
        .filter(started -> started.isBefore(trouble.to().plus(QUIET)))
        .orElse(Instant.MAX);
  }

  private static boolean isCommanded(
      Evidence evidence, Run run, Trouble trouble, Instant elsewhere) {
    return evidence.commands().stream()
        .anyMatch(
            command ->
                command.unit().equals(run.unit())
                    && command.to().isAfter(trouble.from().minus(QUIET))
                    && command.from().isBefore(elsewhere));
  }

  private static boolean isStoreThere(Evidence evidence, Trouble trouble, Instant elsewhere) {
    return evidence.storeAway().stream()
        .noneMatch(away -> away.overlaps(trouble.from().minus(QUIET), elsewhere));
  }
}
