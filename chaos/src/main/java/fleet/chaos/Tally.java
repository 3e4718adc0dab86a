package fleet.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeMap;

/// The sum of a time of trouble.
///
/// @param wrong promises that were broken, in words
/// @param settling how long it took after each act until all was as it must be
/// @param failed how many faults could not be brought about
record Tally(Evidence evidence, List<String> wrong, List<Duration> settling, int failed) {

  String text(ChaosOptions options, Duration took) {
    var text = new StringBuilder();
    line(
        text,
        "%d min on %d machines, store %s, seed %d"
            .formatted(
                took.toMinutes(),
                options.nodes(),
                options.store().toString().toLowerCase(Locale.ROOT),
                options.seed()));
    faults(text);
    commands(text);
    var failovers = Failovers.of(evidence);
    line(text, "units run: %d times".formatted(evidence.runs().size()));
    runs(text, "exclusive units", evidence.traits().exclusive());
    runs(text, "units that fail where something is missing", evidence.traits().breaking());
    line(text, "failovers, the store being there: %s".formatted(figures(failovers.withStore())));
    line(text, "such of exclusive units: %s".formatted(figures(failovers.exclusive())));
    line(text, "failovers, the store being away: %s".formatted(figures(failovers.without())));
    line(
        text, "settled after each act: %s".formatted(figures(settling.stream().sorted().toList())));
    line(text, "violations: %d".formatted(wrong.size()));
    wrong.forEach(one -> line(text, "  " + one));
    return text.toString();
  }

  private void faults(StringBuilder text) {
    var count = new TreeMap<Fault, Integer>();
    evidence.troubles().forEach(trouble -> count.merge(trouble.fault(), 1, Integer::sum));
    line(
        text,
        "faults: %d (and %d that could not be brought about)"
            .formatted(evidence.troubles().size(), failed));
    count.forEach((fault, times) -> line(text, "  %5d %s".formatted(times, fault.words())));
    long late =
        evidence.troubles().stream()
            .filter(trouble -> trouble.fault().effect() == Fault.Effect.NONE_IF_SHORT)
            .filter(Trouble::mayStopUnits)
            .count();
    line(text, "  of those meant to be short, %d were not".formatted(late));
  }

  private void commands(StringBuilder text) {
    long acknowledged = evidence.commands().stream().filter(UserCommand::acknowledged).count();
    line(
        text,
        "commands of users: %d, of which %d were acknowledged"
            .formatted(evidence.commands().size(), acknowledged));
    var count = new TreeMap<String, Integer>();
    evidence.commands().forEach(command -> count.merge(command.verb(), 1, Integer::sum));
    count.forEach((verb, times) -> line(text, "  %5d %s".formatted(times, verb)));
  }

  private void runs(StringBuilder text, String what, SortedSet<String> units) {
    long runs = evidence.runs().stream().filter(run -> units.contains(run.unit())).count();
    line(text, "  of those %d times %s".formatted(runs, what));
  }

  private static String figures(List<Duration> sorted) {
    if (sorted.isEmpty()) {
      return "none";
    }
    return String.format(
        Locale.ROOT,
        "%d, p50 %.2f s, p99 %.2f s, longest %.2f s",
        sorted.size(),
        percentile(sorted, 50),
        percentile(sorted, 99),
        seconds(sorted.getLast()));
  }

  private static double percentile(List<Duration> sorted, int percent) {
    return seconds(sorted.get(Math.max(0, Math.ceilDiv(sorted.size() * percent, 100) - 1)));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
