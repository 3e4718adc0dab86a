package fleet.scheduler.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.cluster.Order;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState.Trial;
import fleet.scheduler.plan.Plan.Obstacle;
import fleet.scheduler.plan.Plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;

/// Replays transcripts of plans. Each tells of clusters: a heading begins a new one, then things
/// happen to it, and `plan` prints what is planned then, up to the next blank line. The plan is
/// carried out.
///
/// ```
/// machine ID [KEY=VALUE …]         is there, with this metadata
/// machine ID gone                  has lost its lease, and what it said of its units has gone
/// machine ID leaves                is there no more, and still says something of its units
/// machine ID evicted               an operator says that it is lost
/// machine ID awaited               is absent, but may have had no time to report
/// machine ID unreadable            has a record that nobody understands
/// unit NAME inactive|loaded|launched
///     [OPTION=VALUE]               is submitted, or replaced, with these lines in [X-Fleet]
/// unit NAME unreadable             has a record that nobody understands
/// target NAME inactive|loaded|launched
/// restart NAME [on ID]
/// order NAME start|stop|restart|load [on ID]
/// destroy NAME
/// report NAME on ID                the machine says something of the unit
/// fails NAME on ID N               the machine says that it has failed N times in a row
/// proven NAME on ID                the machine says that it has been well for long
/// forget NAME on ID                the machine has the unit no more
/// evict_share SHARE                beyond it evictions wait; 1 at the beginning
/// overdue N                        so many machines have not been heard of in good time
/// stranger assigns NAME to ID      an assignment that the leader has not written
/// ```
///
/// To accept new output, run with `-Dfleet.rewrite=true` and read the diff before you commit it.
public final class ClusterScript {

  /// Makes the plans of one cluster.
  public interface Planning {
    Plan plan(ClusterScene cluster);

    /// A plan has been carried out.
    default void carriedOut(Plan plan, ClusterScene cluster) {}

    /// Something happens that is not about the cluster itself.
    default void happen(ClusterScene cluster, String[] words) {
      throw new IllegalArgumentException(String.join(" ", words));
    }
  }

  private final List<String> lines;
  private final Supplier<Planning> plannings;
  private final StringBuilder output = new StringBuilder();
  private ClusterScene cluster = new ClusterScene();
  private Planning planning;

  private ClusterScript(List<String> lines, Supplier<Planning> plannings) {
    this.lines = lines;
    this.plannings = plannings;
    this.planning = plannings.get();
  }

  /// A test for each transcript in a folder.
  ///
  /// @param plannings begins to plan, for each cluster that is told of
  public static List<DynamicTest> tests(Path folder, Supplier<Planning> plannings)
      throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .sorted()
          .map(file -> dynamicTest(file.getFileName().toString(), () -> replay(file, plannings)))
          .toList();
    }
  }

  private static void replay(Path file, Supplier<Planning> plannings) throws IOException {
    String expected = Files.readString(file);
    String actual = new ClusterScript(expected.lines().toList(), plannings).replay();
    if (Boolean.getBoolean("fleet.rewrite")) {
      Files.writeString(file, actual);
    } else {
      assertEquals(expected, actual);
    }
  }

  private String replay() {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      output.append(line).append('\n');
      if (line.equals("plan")) {
        plan();
        while (i + 1 < lines.size() && !lines.get(i + 1).isEmpty()) {
          i++;
        }
      } else if (line.startsWith("## ")) {
        cluster = new ClusterScene();
        planning = plannings.get();
      } else if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(" ")) {
        happen(line.split(" "), optionsAfter(i));
      }
    }
    return output.toString();
  }

  private List<String> optionsAfter(int line) {
    return lines.stream()
        .skip(line + 1)
        .takeWhile(option -> option.startsWith("    "))
        .map(String::strip)
        .toList();
  }

  private void happen(String[] words, List<String> options) {
    switch (words[0]) {
      case "machine" -> machine(words[1], Arrays.asList(words).subList(2, words.length));
      case "unit" -> {
        if (words[2].equals("unreadable")) {
          cluster.unitUnreadable(words[1]);
        } else {
          cluster.unit(words[1], target(words[2]), options);
        }
      }
      case "target" -> cluster.target(words[1], target(words[2]));
      case "restart" -> {
        if (words.length > 2) {
          cluster.restart(words[1], words[3]);
        } else {
          cluster.restart(words[1]);
        }
      }
      case "order" ->
          cluster.order(
              words[1],
              Order.Kind.of(words[2]).orElseThrow(),
              Optional.of(words).filter(all -> all.length > 3).map(all -> all[4]));
      case "own" -> // own UNIT on MACHINE
          cluster.own(words[1], words[3], "has a " + words[1] + " of its own: /etc/" + words[1]);
      case "free" -> cluster.own(words[1], words[3], "");
      case "report" -> cluster.report(words[1], words[3]);
      case "fails" ->
          cluster.tried(words[1], words[3], new Trial(Integer.parseInt(words[4]), false));
      case "proven" -> cluster.tried(words[1], words[3], new Trial(0, true));
      case "forget" -> cluster.forget(words[1], words[3]);
      case "evict_share" -> cluster.evictShare(Double.parseDouble(words[1]));
      case "overdue" -> cluster.overdue(Integer.parseInt(words[1]));
      case "release" -> cluster.release(words[1], words[3]);
      case "certain" -> cluster.certain(words[1], words[3]);
      case "destroy" -> cluster.destroy(words[1]);
      case "stranger" -> cluster.assign(words[2], words[4]);
      default -> planning.happen(cluster, words);
    }
  }

  private static TargetState target(String text) {
    return TargetState.of(text).orElseThrow();
  }

  private void machine(String id, List<String> words) {
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "gone" -> cluster.machineGone(id);
      case "leaves" -> cluster.machineLeaves(id);
      case "evicted" -> cluster.machineEvicted(id);
      case "awaited" -> cluster.machineAwaited(id);
      case "unreadable" -> cluster.machineUnreadable(id);
      default ->
          cluster.machine(
              id,
              words.stream()
                  .map(word -> word.split("=", 2))
                  .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }
  }

  private void plan() {
    Plan plan = planning.plan(cluster);
    List<String> printed = print(plan);
    cluster.carryOut(plan);
    planning.carriedOut(plan, cluster);
    (printed.isEmpty() ? List.of("nothing to do") : printed)
        .forEach(step -> output.append("    ").append(step).append('\n'));
  }

  private static List<String> print(Plan plan) {
    var lines = new ArrayList<String>();
    plan.pause().ifPresent(pause -> lines.add("evict nobody: " + pause.text()));
    plan.evicted().forEach(machine -> lines.add("evict " + machine));
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Assign(var machine, var assignment, var reason) ->
            lines.add("assign " + assignment.unit() + " to " + machine + ": " + reason.text());
        case Step.Update update ->
            lines.add("update " + update.unit() + " on " + update.machine() + ": " + update.news());
        case Step.Withhold(var machine, var assignment, var cause) ->
            lines.add("withhold " + assignment.unit() + " from " + machine + ": " + cause.text());
        case Step.Unassign(var unit, var machine, var cause) ->
            lines.add("unassign " + unit + " from " + machine + ": " + cause.text());
        case Step.Leave(var unit, Obstacle(var summary, var vetoes, _)) -> {
          lines.add("leave " + unit + ": " + summary);
          vetoes.forEach((machine, veto) -> lines.add("    " + machine + ": " + veto.reason()));
        }
      }
    }
    return lines;
  }
}
