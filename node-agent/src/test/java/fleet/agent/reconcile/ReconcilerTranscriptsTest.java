package fleet.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.agent.order.Pending;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.LocalUnit.Run;
import fleet.agent.systemd.Origin;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Applied.Underway;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.TargetState;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays the transcripts under `reconciler/`: what is assigned, seen and remembered, the word
/// `reconcile`, and the actions that must follow. A file of one letter stands for a unit file; with
/// an exclamation mark, for one that says `FailureLimit=`.
///
/// To accept new output, run with `-Dfleet.rewrite=true` and read the diff before you commit it.
class ReconcilerTranscriptsTest {

  private static final Path TRANSCRIPTS = Path.of("src/test/resources/fleet/agent/reconciler");

  @TestFactory
  List<DynamicTest> transcripts() throws IOException {
    try (var files = Files.list(TRANSCRIPTS)) {
      return files
          .sorted()
          .map(file -> dynamicTest(file.getFileName().toString(), () -> replay(file)))
          .toList();
    }
  }

  private static void replay(Path file) throws IOException {
    String expected = Files.readString(file);
    var actual = new StringBuilder();
    List<String> situation = new ArrayList<>();
    boolean output = false;
    for (String line : expected.lines().toList()) {
      if (line.equals("----")) {
        actual.append("----\n").append(ActionText.of(Reconciler.reconcile(parse(situation))));
        situation.clear();
        output = true;
      } else if (!output || line.isBlank()) {
        output = false;
        actual.append(line).append('\n');
        situation.add(line);
      }
    }
    if (Boolean.getBoolean("fleet.rewrite")) {
      Files.writeString(file, actual);
    } else {
      assertEquals(expected, actual.toString());
    }
  }

  private static LocalSnapshot parse(List<String> lines) {
    var assigned = new TreeMap<UnitName.Placeable, Assignment>();
    var observed = new TreeMap<UnitName.Placeable, LocalUnit>();
    var applied = new TreeMap<UnitName.Placeable, Applied>();
    var held = new TreeMap<UnitName.Placeable, Reason>();
    var bound = new TreeSet<UnitName.Placeable>();
    var exclusive = new TreeSet<UnitName.Placeable>();
    var armed = new TreeSet<UnitName.Placeable>();
    var foreign = new TreeSet<UnitName.Placeable>();
    var removed = new TreeSet<UnitName.Placeable>();
    var due = new TreeMap<UnitName.Placeable, Order>();
    var untouched = new TreeSet<UnitName.Placeable>();
    var refused = new TreeSet<UnitName.Placeable>();
    var lacking = new TreeSet<UnitName.Placeable>();
    var tried = new TreeMap<UnitName.Placeable, UnitHash>();
    boolean lapsed = false;
    boolean current = true;
    boolean away = false;
    boolean reloadOwed = false;
    for (String line : lines) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "assigned" -> // assigned UNIT TARGET FILE GENERATION [ORDER]
            assigned.put(
                unit(words[1]),
                new Assignment(
                        unit(words[1]), file(words[3]), target(words[2]), Long.parseLong(words[4]))
                    .by(words.length > 5 ? Optional.of(order(words[5])) : Optional.empty()));
        case "due" -> // due UNIT: nothing has been done about its order
            due.put(
                unit(words[1]),
                Objects.requireNonNull(assigned.get(unit(words[1]))).order().orElseThrow());
        case "untouched" -> // untouched UNIT: and nothing has ever been asked for it
            untouched.add(unit(words[1]));
        case "refused" -> refused.add(unit(words[1])); // its newest order was refused
        case "lacking" -> lacking.add(unit(words[1])); // a unit that it needs has failed
        case "tried" -> // tried UNIT FILE: systemd could start that
            tried.put(unit(words[1]), file(words[2]).hash());
        case "invocation" -> // invocation UNIT NAME [SUB]
            observed.computeIfPresent(
                unit(words[1]),
                (_, seen) -> in(seen, words[2], words.length > 3 ? words[3] : seen.sub()));
        case "seen" -> // seen UNIT FILE LOAD ACTIVE [JOB]
            observed.put(
                unit(words[1]),
                new LocalUnit(
                    onDisk(words[2]),
                    words[3],
                    words[4],
                    "",
                    "",
                    words.length > 5 ? words[5] : ""));
        case "applied" -> // applied UNIT TARGET FILE GENERATION [UNDERWAY [INVOCATION]]
            applied.put(
                unit(words[1]),
                new Applied(
                    file(words[3]).hash(),
                    target(words[2]),
                    Long.parseLong(words[4]),
                    Underway.valueOf(words.length > 5 ? words[5] : "NOTHING"),
                    words.length > 6 ? Optional.of(words[6]) : Optional.empty()));
        case "busy" -> held.put(unit(words[1]), Reason.JOB_RUNS);
        case "starting" -> held.put(unit(words[1]), Reason.STARTING);
        case "deferred" -> held.put(unit(words[1]), Reason.NOT_YET_AGAIN);
        case "illegible" -> held.put(unit(words[1]), Reason.ILLEGIBLE);
        case "reload-owed" -> reloadOwed = true;
        case "lapsed" -> lapsed = true;
        case "read-under-another-lease" -> current = false;
        case "store-away" -> away = true;
        case "stops-when-cut-off" -> bound.add(unit(words[1]));
        case "exclusive" -> {
          bound.add(unit(words[1]));
          exclusive.add(unit(words[1]));
        }
        case "another" -> // another UNIT: the machine has a file of its own under that name
            observed.computeIfPresent(
                unit(words[1]), (_, seen) -> from(seen, "/etc/" + words[1], false));
        case "home" -> // home UNIT: the agent lives in it
            observed.computeIfPresent(unit(words[1]), (_, seen) -> from(seen, "", true));
        case "foreign" -> foreign.add(unit(words[1])); // what runs was not started by fleet
        case "removed" -> removed.add(unit(words[1])); // its file, since it was last seen to rest
        case "armed" -> armed.add(unit(words[1]));
        case "", "#", "reconcile" -> {}
        default -> throw new AssertionError("cannot read \"" + line + "\"");
      }
    }
    var permissions = new Permissions(lapsed, current, away, bound, exclusive, armed);
    return new LocalSnapshot(
        assigned,
        observed,
        applied,
        held,
        reloadOwed,
        new TreeMap<>(),
        permissions,
        foreign,
        new Pending(due, untouched, refused, lacking, tried),
        removed);
  }

  private static LocalUnit from(LocalUnit seen, String another, boolean vital) {
    Origin origin = new Origin(seen.origin().loaded(), another, vital);
    return new LocalUnit(
        seen.file(),
        seen.load(),
        seen.active(),
        seen.sub(),
        seen.result(),
        seen.job(),
        seen.run(),
        origin);
  }

  private static LocalUnit in(LocalUnit seen, String invocation, String sub) {
    return new LocalUnit(
        seen.file(),
        seen.load(),
        seen.active(),
        sub,
        seen.result(),
        seen.job(),
        new Run(invocation, 0, ""),
        seen.origin());
  }

  private static Order order(String word) {
    String[] halves = word.split("#");
    return new Order(
        Long.parseLong(halves[1]),
        new OrderId("order-" + halves[1]),
        Order.Kind.of(halves[0]).orElseThrow());
  }

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static UnitFile file(String letter) {
    var description = new UnitOption("Unit", "Description", letter);
    return new UnitFile(
        letter.endsWith("!")
            ? List.of(description, new UnitOption("X-Fleet", "FailureLimit", "3"))
            : List.of(description));
  }

  private static OnDisk onDisk(String word) {
    return switch (word) {
      case "no-file" -> new OnDisk.Absent();
      case "garbage" -> new OnDisk.Garbage("garbage");
      default -> new OnDisk.Present(file(word).hash());
    };
  }

  private static TargetState target(String text) {
    return TargetState.of(text).orElseThrow();
  }
}
