package fleet.agent.disk;

import fleet.agent.saved.SavedText.Found;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Applied.Underway;
import fleet.agent.unit.Ownership;
import fleet.cluster.Assignment;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.registry.AssignmentText;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What an agent finds in a [SavedText], one line a unit: its name, a tab, and what is known of it.
///
/// @param units what can be understood
/// @param problems a sentence for each line that cannot
public record SavedUnits<T>(SortedMap<UnitName.Placeable, T> units, List<String> problems) {

  private static final String OWNER = "machine\t";

  /// What begins what is known of whose an invocation is.
  private static final String RUNS = "runs\t";

  public SavedUnits {
    units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
    problems = List.copyOf(problems);
  }

  private interface Reader<T> {
    Parsed<T> read(UnitName.Placeable unit, String text);
  }

  /// The text for assignments of a machine. It says whose they are: a disk may be copied to another
  /// machine.
  public static String assignments(
      MachineId machine, SortedMap<UnitName.Placeable, Assignment> assignments) {
    return OWNER
        + machine
        + "\n"
        + assignments.values().stream()
            .map(assignment -> assignment.unit() + "\t" + AssignmentText.of(assignment) + "\n")
            .collect(Collectors.joining());
  }

  public static SavedUnits<Assignment> assignments(MachineId machine, String text) {
    if (text.isEmpty()) {
      return new SavedUnits<>(new TreeMap<>(), List.of());
    }
    String owner = OWNER + machine + "\n";
    if (!text.startsWith(owner)) {
      String found = text.lines().findFirst().orElse("");
      return new SavedUnits<>(
          new TreeMap<>(), List.of("expected \"" + owner.strip() + "\", found " + excerpt(found)));
    }
    return read(text.substring(owner.length()), AssignmentText::parse);
  }

  /// The text for what has been applied.
  public static String applied(SortedMap<UnitName.Placeable, Applied> applied) {
    return applied.entrySet().stream()
        .map(
            entry ->
                String.join(
                    "\t",
                    entry.getKey().text(),
                    entry.getValue().hash().text(),
                    entry.getValue().target().text(),
                    Long.toString(entry.getValue().generation()),
                    entry.getValue().underway()
                        + entry.getValue().before().map(id -> "\t" + id).orElse("")
                        + "\n"))
        .collect(Collectors.joining());
  }

  /// The text for whose what runs is, to be put after that for what has been applied.
  public static String owned(SortedMap<UnitName.Placeable, Ownership> owned) {
    return owned.entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + "\t"
                    + RUNS
                    + entry.getValue().invocation()
                    + "\t"
                    + (entry.getValue().fleets() ? "fleets" : "anothers")
                    + "\n")
        .collect(Collectors.joining());
  }

  /// An agent that did not note it has left nothing of it.
  public static SavedUnits<Ownership> owned(Found found) {
    return read(lines(found.text(), line -> line.contains("\t" + RUNS)), (_, l) -> ownedLine(l));
  }

  private static Parsed<Ownership> ownedLine(String line) {
    String[] fields = line.split("\t", -1);
    return fields.length == 3 && (fields[2].equals("fleets") || fields[2].equals("anothers"))
        ? new Ok<>(new Ownership(fields[1], fields[2].equals("fleets")))
        : new Malformed<>("expected an invocation, and whose it is, found " + excerpt(line));
  }

  private static String lines(String text, Predicate<String> which) {
    return text.lines().filter(which).map(line -> line + "\n").collect(Collectors.joining());
  }

  public static SavedUnits<Applied> applied(Found found) {
    Predicate<String> others = line -> line.contains("\t" + RUNS) || OrderText.owns(line);
    SavedUnits<Applied> notes =
        read(lines(found.text(), others.negate()), (_, line) -> appliedLine(line));
    if (!found.stale()) {
      return notes;
    }
    var stale = new TreeMap<UnitName.Placeable, Applied>();
    notes.units().forEach((unit, applied) -> stale.put(unit, applied.stale()));
    return new SavedUnits<>(stale, notes.problems());
  }

  private static Parsed<Applied> appliedLine(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length == 4 || fields.length == 5) {
      var target = TargetState.of(fields[1]);
      var underway =
          Arrays.stream(Underway.values()).filter(u -> u.toString().equals(fields[3])).findFirst();
      if (target.isPresent() && underway.isPresent() && fields[2].matches("[0-9]{1,18}")) {
        return new Ok<>(
            new Applied(
                new UnitHash(fields[0]),
                target.get(),
                Long.parseLong(fields[2]),
                underway.get(),
                fields.length == 5 ? Optional.of(fields[4]) : Optional.empty()));
      }
    }
    return new Malformed<>(
        "expected a hash, a target, a generation and what is under way, found " + excerpt(line));
  }

  private static <T> SavedUnits<T> read(String text, Reader<T> reader) {
    var units = new TreeMap<UnitName.Placeable, T>();
    List<String> problems = new ArrayList<>();
    text.lines()
        .forEach(
            line -> {
              String[] halves = line.split("\t", 2);
              if (halves.length == 2
                  && UnitName.parse(halves[0]) instanceof Ok<UnitName>(UnitName.Placeable unit)) {
                switch (reader.read(unit, halves[1])) {
                  case Ok<T>(var value) -> units.put(unit, value);
                  case Malformed<T>(var reason) -> problems.add(unit + ": " + reason);
                }
              } else {
                problems.add("expected the name of a unit and a tab, found " + excerpt(line));
              }
            });
    return new SavedUnits<>(units, problems);
  }

  private static String excerpt(String line) {
    return "\"" + (line.length() <= 40 ? line : line.substring(0, 40) + "…") + "\"";
  }
}
