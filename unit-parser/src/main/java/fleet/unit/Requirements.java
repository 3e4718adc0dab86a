package fleet.unit;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
public record Requirements(
    Optional<String> machineId,
    SortedSet<String> machineOf,
    SortedMap<String, SortedSet<String>> metadata,
    SortedSet<Glob> conflicts,
    SortedSet<Glob> replaces,
    boolean global) {

  /// A unit that may run anywhere, beside anything.
  public static final Requirements NONE =
      new Requirements(
          Optional.empty(),
          new TreeSet<>(),
          new TreeMap<>(),
          new TreeSet<>(),
          new TreeSet<>(),
          false);

  public Requirements {
    machineOf = Collections.unmodifiableSortedSet(new TreeSet<>(machineOf));
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    conflicts = Collections.unmodifiableSortedSet(new TreeSet<>(conflicts));
    replaces = Collections.unmodifiableSortedSet(new TreeSet<>(replaces));
  }

  /// Reads the `[X-Fleet]` section of `file` as the unit `name` means it.
  ///
  /// Total: what is malformed is left out here and named by [#problems].
  public static Requirements of(UnitName name, UnitFile file) {
    return NONE;
  }

  /// Why this file cannot be accepted under this name: one sentence each, empty if it can.
  public static List<String> problems(UnitName name, UnitFile file) {
    return List.of();
  }

  /// Keys of `[X-Fleet]` that mean nothing: worth a warning, as in fleet v1, not a refusal.
  public static SortedSet<String> unknownKeys(UnitFile file) {
    return new TreeSet<>();
  }
}
