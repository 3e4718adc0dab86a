package fleet.unit;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/// Says why a unit cannot be accepted.
///
/// What fleet 1.0 refused comes first, in its order and words (`job/job.go`,
/// `ValidateRequirements`). What it accepted and then ignored, or could never place, is refused
/// after that: a requirement that silently disappears is worse than a refusal.
///
/// A template is checked as it stands: what its specifiers will mean is not known before it has an
/// instance, and each instance is checked when it is submitted.
final class RequirementsCheck {

  /// Nobody reads more, and nobody may make us write more.
  private static final int MOST = 20;

  private final UnitName name;
  private final List<String> problems = new ArrayList<>();
  private int more;

  private RequirementsCheck(UnitName name) {
    this.name = name;
  }

  static List<String> problems(UnitName name, UnitFile submitted) {
    return switch (submitted.normalized()) {
      case Malformed<UnitFile>(var reason) -> List.of(reason);
      case Ok<UnitFile>(var file) -> new RequirementsCheck(name).of(file);
    };
  }

  private List<String> of(UnitFile file) {
    var section =
        switch (name) {
          case UnitName.Template _ -> FleetSection.unexpanded(file);
          case UnitName.Placeable unit -> FleetSection.of(unit, file);
        };
    if (section.length() > FleetSection.LONGEST) {
      return List.of(
          "["
              + FleetSection.NAME
              + "] too long (max "
              + FleetSection.LONGEST
              + " characters with specifiers expanded)");
    }
    Requirements requirements = RequirementsReader.read(section);
    peersAgainstGlobs(requirements);
    combinations(requirements);
    machineId(requirements);
    peers(requirements);
    globs("Conflicts", requirements.conflicts());
    globs("Replaces", requirements.replaces());
    metadata(section);
    if (more > 0) {
      problems.add("and " + more + " more");
    }
    return List.copyOf(problems);
  }

  private void refuse(String problem) {
    if (problems.size() < MOST) {
      problems.add(problem);
    } else {
      more++;
    }
  }

  private void refuseIf(boolean wrong, String problem) {
    if (wrong) {
      refuse(problem);
    }
  }

  private void peersAgainstGlobs(Requirements wanted) {
    for (String peer : wanted.machineOf()) {
      for (Glob glob : wanted.conflicts()) {
        refuseIf(glob.matches(peer), unresolvable(peer, "conflict", glob));
      }
      for (Glob glob : wanted.replaces()) {
        refuseIf(glob.matches(peer), unresolvable(peer, "replace", glob));
      }
    }
  }

  private static String unresolvable(String peer, String what, Glob glob) {
    return "unresolvable requirements: peer "
        + Quoted.text(peer)
        + " matches "
        + what
        + " "
        + Quoted.text(glob.pattern());
  }

  private void combinations(Requirements wanted) {
    boolean machineId = wanted.machineId().isPresent();
    boolean peers = !wanted.machineOf().isEmpty();
    boolean conflicts = !wanted.conflicts().isEmpty();
    boolean replaces = !wanted.replaces().isEmpty();
    boolean global = wanted.global();
    refuseIf(machineId && peers, "MachineID cannot be used with Peers");
    refuseIf(machineId && conflicts, "MachineID cannot be used with Conflicts");
    refuseIf(machineId && global, "MachineID cannot be used with Global");
    refuseIf(machineId && replaces, "MachineID cannot be used with Replaces");
    refuseIf(global && peers, "Global cannot be used with Peers");
    refuseIf(global && replaces, "Global cannot be used with Replaces");
    refuseIf(conflicts && replaces, "Conflicts cannot be used with Replaces");
  }

  private void machineId(Requirements wanted) {
    refuseIf(
        wanted.machineId().filter(String::isEmpty).isPresent(),
        "MachineID: expected the ID of a machine, found nothing");
  }

  private void peers(Requirements wanted) {
    for (String peer : wanted.machineOf()) {
      if (peer.equals(name.text())) {
        refuse(
            "MachineOf: "
                + Quoted.text(peer)
                + " names the unit itself, which could never be placed: name another unit");
      } else if (!awaitsInstance(peer)) {
        UnitNames.objection(peer)
            .ifPresent(
                objection ->
                    refuse(
                        "MachineOf: expected the name of a unit, found "
                            + Quoted.text(peer)
                            + ": "
                            + objection
                            + severalAs("MachineOf", peer, UnitText.words(peer))));
      }
    }
  }

  private boolean awaitsInstance(String value) {
    return name instanceof UnitName.Template && value.indexOf('%') >= 0;
  }

  private void globs(String key, SortedSet<Glob> globs) {
    for (Glob glob : globs) {
      refuseIf(
          !glob.wellFormed(),
          key
              + ": malformed pattern "
              + Quoted.text(glob.pattern())
              + ": expected *, ?, [a-z] or [^a-z] with the bracket closed, or \\ before a character"
              + " that is meant as it is");
    }
  }

  private void metadata(FleetSection section) {
    RequirementsReader.metadataItems(section)
        .filter(item -> !RequirementsReader.isPair(item))
        .forEach(
            item ->
                refuse(
                    "MachineMetadata: expected key=value, found "
                        + Quoted.text(item)
                        + severalAs("MachineMetadata", item, UnitText.words(item))));
  }

  /// How to write what looks like several items in one.
  private static String severalAs(String key, String item, List<String> words) {
    if (words.size() < 2 || item.length() > Quoted.LONGEST) {
      return "";
    }
    return "; several are written " + key + "=\"" + String.join("\" \"", words) + "\"";
  }
}
