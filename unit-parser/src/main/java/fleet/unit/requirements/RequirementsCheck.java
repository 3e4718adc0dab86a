package fleet.unit.requirements;

import fleet.unit.Disconnect;
import fleet.unit.FleetOption;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.Quoted;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitText;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;

/// Says why a unit cannot be accepted.
///
/// What fleet 1.0 refused comes first, in its order and words (`job/job.go`). What it accepted and
/// then ignored, or could never place, is refused after that: a requirement that disappears in
/// silence is worse than a refusal.
///
/// A template is checked as it stands: what its specifiers will mean is not known before it has an
/// instance, and each instance is checked when it is submitted.
final class RequirementsCheck {

  /// Nobody reads more, and nobody may make us write more.
  static final int MOST = 20;

  private final UnitName name;
  private final FleetSection section;
  private final Requirements wanted;

  private RequirementsCheck(UnitName name, FleetSection section) {
    this.name = name;
    this.section = section;
    this.wanted = RequirementsReader.read(section);
  }

  static List<String> problems(UnitName name, UnitFile submitted) {
    return switch (submitted.normalized()) {
      case Malformed<UnitFile>(var reason) -> List.of(reason);
      case Ok<UnitFile>(var file) -> problems(name, section(name, file));
    };
  }

  private static FleetSection section(UnitName name, UnitFile file) {
    return switch (name) {
      case UnitName.Template _ -> FleetSection.unexpanded(file);
      case UnitName.Placeable unit -> FleetSection.of(unit, file);
    };
  }

  private static List<String> problems(UnitName name, FleetSection section) {
    if (section.length() > FleetSection.LONGEST) {
      return List.of(
          "[X-Fleet] too long (max %d characters, with specifiers expanded)"
              .formatted(FleetSection.LONGEST));
    }
    var check = new RequirementsCheck(name, section);
    return cut(
        Stream.of(
                check.unresolvable(),
                check.combinations(),
                check.machineId(),
                check.machineOf(),
                check.globs("Conflicts", check.wanted.conflicts()),
                check.globs("Replaces", check.wanted.replaces()),
                check.metadata(),
                check.disconnect(),
                check.exclusive(),
                check.failureLimit())
            .flatMap(problems -> problems));
  }

  private static List<String> cut(Stream<String> problems) {
    List<String> first = problems.limit(MOST + 1L).toList();
    return first.size() <= MOST
        ? first
        : Stream.concat(first.stream().limit(MOST), Stream.of("and more")).toList();
  }

  private Stream<String> unresolvable() {
    return wanted.machineOf().stream()
        .flatMap(
            peer ->
                Stream.concat(
                    unresolvable(peer, "conflict", wanted.conflicts()),
                    unresolvable(peer, "replace", wanted.replaces())));
  }

  private static Stream<String> unresolvable(String peer, String what, SortedSet<Glob> globs) {
    return globs.stream()
        .filter(glob -> glob.matches(peer))
        .map(
            glob ->
                "unresolvable requirements: peer %s matches %s %s"
                    .formatted(Quoted.text(peer), what, Quoted.text(glob.pattern())));
  }

  private Stream<String> combinations() {
    boolean machineId = wanted.machineId().isPresent();
    boolean peers = !wanted.machineOf().isEmpty();
    boolean conflicts = !wanted.conflicts().isEmpty();
    boolean replaces = !wanted.replaces().isEmpty();
    boolean global = wanted.global();
    return Stream.of(
            together(machineId && peers, "MachineID", "Peers"),
            together(machineId && conflicts, "MachineID", "Conflicts"),
            together(machineId && global, "MachineID", "Global"),
            together(machineId && replaces, "MachineID", "Replaces"),
            together(global && peers, "Global", "Peers"),
            together(global && replaces, "Global", "Replaces"),
            together(conflicts && replaces, "Conflicts", "Replaces"))
        .flatMap(problem -> problem);
  }

  private static Stream<String> together(boolean both, String one, String other) {
    return both ? Stream.of(one + " cannot be used with " + other) : Stream.empty();
  }

  private Stream<String> machineId() {
    return wanted.machineId().stream()
        .filter(String::isEmpty)
        .map(_ -> "MachineID: expected the ID of a machine, found nothing");
  }

  /// A peer must be a unit that can be there. One name with a specifier in a template may become
  /// one.
  private Stream<String> machineOf() {
    return wanted.machineOf().stream()
        .filter(peer -> !maySaySomethingElse(peer))
        .flatMap(peer -> whyNoPeer(peer).stream());
  }

  /// Whether specifiers of a template have yet to be expanded.
  private boolean maySaySomethingElse(String value) {
    return name instanceof UnitName.Template && value.indexOf('%') >= 0;
  }

  private List<String> whyNoPeer(String peer) {
    if (peer.equals(name.text())) {
      return List.of(
          "MachineOf: %s is this unit itself, which could never be placed"
              .formatted(Quoted.text(peer)));
    }
    return switch (UnitName.parse(peer)) {
      case Ok<UnitName>(UnitName.Placeable _) -> List.of();
      case Ok<UnitName>(UnitName.Template _) ->
          List.of(
              "MachineOf: %s is a template, which runs nowhere: name an instance"
                  .formatted(Quoted.text(peer)));
      case Malformed<UnitName>(var reason) ->
          List.of(
              "MachineOf: expected the name of a unit, found %s: %s%s"
                  .formatted(Quoted.text(peer), reason, severalOf("MachineOf", peer)));
    };
  }

  private Stream<String> globs(String key, SortedSet<Glob> globs) {
    return globs.stream()
        .filter(glob -> !glob.wellFormed())
        .map(
            glob ->
                key
                    + ": malformed pattern "
                    + Quoted.text(glob.pattern())
                    + ": expected [ to have its ] with something between them, and \\ a character"
                    + " after it");
  }

  private Stream<String> metadata() {
    return section.all(FleetOption.MACHINE_METADATA).stream()
        .filter(item -> !RequirementsReader.isPair(item))
        .map(
            item ->
                "MachineMetadata: expected key=value with one \"=\", found %s%s"
                    .formatted(Quoted.text(item), severalOf("MachineMetadata", item)));
  }

  private Stream<String> disconnect() {
    return section.all(FleetOption.DISCONNECT).stream()
        .filter(value -> Disconnect.of(value).isEmpty() && !maySaySomethingElse(value))
        .map(value -> "Disconnect: expected keep or stop, found " + Quoted.text(value));
  }

  private Stream<String> exclusive() {
    return Stream.concat(
        section.all(FleetOption.EXCLUSIVE).stream()
            .filter(value -> !RequirementsReader.isBoolean(value) && !maySaySomethingElse(value))
            .map(value -> "Exclusive: expected true or false, found " + Quoted.text(value)),
        RequirementsReader.isTrue(section, FleetOption.EXCLUSIVE)
            ? Stream.concat(
                wanted.global()
                    ? Stream.of(
                        "Exclusive cannot be used with Global: a global unit runs on every machine")
                    : Stream.empty(),
                RequirementsReader.last(section, FleetOption.DISCONNECT)
                    .filter(Disconnect.KEEP.text()::equals)
                    .map(
                        _ ->
                            "Exclusive cannot be used with Disconnect=keep: what runs on cannot be"
                                + " the only copy")
                    .stream())
            : Stream.empty());
  }

  private Stream<String> failureLimit() {
    return section.all(FleetOption.FAILURE_LIMIT).stream()
        .filter(value -> !RequirementsReader.isFailureLimit(value) && !maySaySomethingElse(value))
        .map(
            value ->
                "FailureLimit: expected a whole number from 1 to %d, found %s"
                    .formatted(Requirements.MOST_FAILURES, Quoted.text(value)));
  }

  /// How to write what looks like several items in one.
  private static String severalOf(String key, String item) {
    List<String> words = UnitText.words(item);
    return words.size() < 2 || item.length() > Quoted.LONGEST
        ? ""
        : "; write several as %s=\"%s\"".formatted(key, String.join("\" \"", words));
  }
}
