package fleet.unit.requirements;

import fleet.unit.Disconnect;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a unit asks of the machine it runs on: the meaning of its `[X-Fleet]` section, with
/// specifiers expanded.
///
/// @param machineId the machine that alone may run it: a full machine ID or its first 8 characters
/// @param machineOf names of units that must be on the same machine
/// @param metadata keys the machine must carry, each with the values it may have
/// @param conflicts globs of unit names that must not run beside this one
/// @param replaces globs of unit names that this unit pushes off its machine
/// @param global whether the unit runs on every eligible machine rather than on one
/// @param disconnect what becomes of it on a machine that is cut off
/// @param exclusive whether two copies of it must never run at once; a global unit never is, and
///     one that is stops where it is cut off
/// @param failureLimit how often in a row the unit may fail on a machine, from 1 to
///     [#MOST_FAILURES], before it is tried on another; empty if that is left to systemd
public record Requirements(
    Optional<String> machineId,
    SortedSet<String> machineOf,
    SortedMap<String, SortedSet<String>> metadata,
    SortedSet<Glob> conflicts,
    SortedSet<Glob> replaces,
    boolean global,
    Disconnect disconnect,
    boolean exclusive,
    OptionalInt failureLimit) {

  /// The largest failure limit there is.
  public static final int MOST_FAILURES = 100;

  private static final int SHORT_ID_LENGTH = 8;

  /// A unit that may run anywhere, beside anything.
  public static final Requirements NONE =
      new Requirements(
          Optional.empty(),
          new TreeSet<>(),
          new TreeMap<>(),
          new TreeSet<>(),
          new TreeSet<>(),
          false,
          Disconnect.KEEP,
          false,
          OptionalInt.empty());

  public Requirements {
    machineOf = Collections.unmodifiableSortedSet(new TreeSet<>(machineOf));
    var values = new TreeMap<String, SortedSet<String>>();
    metadata.forEach(
        (key, accepted) ->
            values.put(key, Collections.unmodifiableSortedSet(new TreeSet<>(accepted))));
    metadata = Collections.unmodifiableSortedMap(values);
    conflicts = Collections.unmodifiableSortedSet(new TreeSet<>(conflicts));
    replaces = Collections.unmodifiableSortedSet(new TreeSet<>(replaces));
    exclusive = exclusive && !global;
    disconnect = exclusive ? Disconnect.STOP : disconnect;
  }

  /// Reads the `[X-Fleet]` section of `file` as the unit `name` means it.
  ///
  /// Total: metadata that is not `key=value` is left out, as in fleet 1.0; other malformed values
  /// are kept and fit nothing. [#problems] names them all, so that no such file is accepted.
  public static Requirements of(UnitName name, UnitFile file) {
    return RequirementsReader.read(FleetSection.of(name, file));
  }

  /// Why this file cannot be accepted under this name: one sentence each, empty if it can.
  ///
  /// The file is checked as it will be once it is stored: see [UnitFile#normalized()]. The first
  /// sentence is what fleet 1.0 said, where it refused the file.
  public static List<String> problems(UnitName name, UnitFile file) {
    return RequirementsCheck.problems(name, file);
  }

  /// What somebody may have written for fleet, and fleet does not see: unknown keys of `[X-Fleet]`,
  /// sections with nearly that name, and its keys in other sections. One sentence each, with the
  /// word that may have been meant; worth a warning, as in fleet 1.0, not a refusal.
  public static List<String> warnings(UnitFile file) {
    return Slips.of(file);
  }

  /// Whether the machine of that full ID is the one that is asked for, if one is: [#machineId()]
  /// holds its ID or the first eight characters of it.
  public boolean admitsMachineId(String id) {
    return machineId.isEmpty()
        || machineId.get().equals(id)
        || machineId.get().equals(id.substring(0, Math.min(SHORT_ID_LENGTH, id.length())));
  }
}
