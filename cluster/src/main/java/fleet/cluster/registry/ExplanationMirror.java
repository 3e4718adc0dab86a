package fleet.cluster.registry;

import fleet.cluster.Explanation;
import fleet.cluster.MachineId;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Explanations, put together from what several share: units with equal ones have one object.
///
/// One that refers to what is not there says so, and is whole again when that comes. For one thread
/// at a time.
final class ExplanationMirror {

  private final TreeMap<UnitName, Explained> records = new TreeMap<>();
  private final TreeMap<UnitName, Explanation> explanations = new TreeMap<>();
  private final TreeMap<String, SortedMap<MachineId, String>> reasons = new TreeMap<>();

  /// The units that refer to each of the reasons, which may be missing.
  private final TreeMap<String, TreeSet<UnitName>> referring = new TreeMap<>();

  /// By the name of the reasons and the summary.
  private final TreeMap<String, TreeMap<String, Explanation>> whole = new TreeMap<>();

  /// Takes in what is written of a unit; empty if nothing is.
  void explained(UnitName unit, Optional<Explained> now) {
    Explained before = records.remove(unit);
    if (before != null) {
      before.reasons().ifPresent(name -> forget(name, unit));
    }
    explanations.remove(unit);
    now.ifPresent(
        record -> {
          records.put(unit, record);
          record
              .reasons()
              .ifPresent(name -> referring.computeIfAbsent(name, _ -> new TreeSet<>()).add(unit));
          explanations.put(unit, assembled(record));
        });
  }

  private void forget(String name, UnitName unit) {
    SortedSet<UnitName> units = referring.getOrDefault(name, new TreeSet<>());
    units.remove(unit);
    if (units.isEmpty()) {
      referring.remove(name);
      whole.remove(name);
    }
  }

  /// Takes in reasons that are shared; empty if there are none of that name.
  void shared(String name, Optional<SortedMap<MachineId, String>> now) {
    reasons.remove(name);
    now.ifPresent(vetoes -> reasons.put(name, vetoes));
    whole.remove(name);
    for (UnitName unit : referring.getOrDefault(name, new TreeSet<>())) {
      explanations.put(unit, assembled(Objects.requireNonNull(records.get(unit))));
    }
  }

  private Explanation assembled(Explained record) {
    return record
        .reasons()
        .map(name -> assembled(record.explanation().summary(), name))
        .orElse(record.explanation());
  }

  private Explanation assembled(String summary, String name) {
    return Optional.ofNullable(reasons.get(name))
        .map(
            vetoes ->
                whole
                    .computeIfAbsent(name, _ -> new TreeMap<>())
                    .computeIfAbsent(summary, _ -> new Explanation(summary, vetoes)))
        .orElseGet(
            () ->
                new Explanation(
                    summary + " (what each machine has against it is missing in the store)",
                    new TreeMap<>()));
  }

  /// Why each unit is on no machine.
  SortedMap<UnitName, Explanation> explanations() {
    return Collections.unmodifiableSortedMap(explanations);
  }

  /// The names of the reasons that are there.
  SortedSet<String> reasons() {
    return Collections.unmodifiableSortedSet(reasons.navigableKeySet());
  }

  /// The units whose explanations refer to reasons that are not there, with the names of those.
  SortedMap<UnitName, String> missing() {
    var missing = new TreeMap<UnitName, String>();
    referring.forEach(
        (name, units) -> {
          if (!reasons.containsKey(name)) {
            units.forEach(unit -> missing.put(unit, name));
          }
        });
    return missing;
  }
}
