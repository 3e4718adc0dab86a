package fleet.chaos;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts lives of units together from the journal of their machine. A function.
final class JournalRuns {

  private final String node;
  private final List<Trouble> powerCuts;
  private final List<Run> done = new ArrayList<>();
  private final SortedMap<String, Run> open = new TreeMap<>();

  private JournalRuns(String node, List<Trouble> troubles) {
    this.node = node;
    this.powerCuts =
        troubles.stream()
            .filter(trouble -> trouble.node().equals(node) && trouble.endsAllProcesses())
            .toList();
  }

  /// What ran on a node. A power cut is not in the journal, and ends all of it.
  static List<Run> of(String node, List<JournalEntry> journal, List<Trouble> troubles) {
    var runs = new JournalRuns(node, troubles);
    journal.stream().sorted(Comparator.comparing(JournalEntry::at)).forEach(runs::read);
    List.copyOf(runs.open.values()).forEach(run -> runs.endOfPower(run, Instant.MAX));
    runs.done.addAll(runs.open.values());
    return List.copyOf(runs.done);
  }

  private void read(JournalEntry entry) {
    Run run = open.get(entry.unit());
    if (run != null) {
      endOfPower(run, entry.at());
      run = open.get(entry.unit());
    }
    switch (entry.what()) {
      case STARTED -> {
        if (run != null) {
          // As after `systemctl restart` in a moment of which the journal lost some lines.
          end(run, entry.at(), entry.at());
        }
        open.put(
            entry.unit(),
            new Run(entry.unit(), node, entry.invocation(), entry.at(), Instant.MAX, Instant.MAX));
      }
      case STOPPING, PROCESS_ENDED -> {
        if (run != null && !run.hasEnded()) {
          open.put(entry.unit(), ending(run, entry.at(), Instant.MAX));
        }
      }
      case STOPPED, SUCCEEDED, FAILED -> {
        if (run != null) {
          end(run, run.hasEnded() ? run.stopping() : entry.at(), entry.at());
        }
      }
    }
  }

  private void endOfPower(Run run, Instant before) {
    powerCuts.stream()
        .filter(cut -> cut.done().isAfter(run.started()) && cut.from().isBefore(before))
        .map(cut -> cut.from().isAfter(run.started()) ? cut.from() : cut.done())
        .min(Instant::compareTo)
        .ifPresent(cut -> end(run, run.hasEnded() ? run.stopping() : cut, cut));
  }

  private void end(Run run, Instant stopping, Instant stopped) {
    open.remove(run.unit());
    done.add(ending(run, stopping, stopped));
  }

  private static Run ending(Run run, Instant stopping, Instant stopped) {
    return new Run(run.unit(), run.node(), run.invocation(), run.started(), stopping, stopped);
  }
}
