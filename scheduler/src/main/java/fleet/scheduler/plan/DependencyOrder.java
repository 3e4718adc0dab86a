package fleet.scheduler.plan;

import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The order in which units are decided on: each after those on which the decision depends, that
/// is, after its peers and after the units that replace it.
///
/// Where that leaves a choice: units whose text their machines already know come before rewritten
/// ones, so that of two that have come to conflict the unchanged one stays; then units that are not
/// global before global ones that conflict with anything, since those lose only one machine of
/// many; then the name that sorts first.
///
/// Units that depend on each other in a circle cannot be put in order. A `Replaces` that is part of
/// a circle is ignored, as fleet 1.0 ignored two units that replace each other. A circle of
/// `MachineOf` stays, and is decided on as one group.
final class DependencyOrder {

  private static final Comparator<PlannedUnit> PRIORITY =
      Comparator.comparing(PlannedUnit::rewritten)
          .thenComparingInt(DependencyOrder::rank)
          .thenComparing(Comparator.naturalOrder());

  private DependencyOrder() {}

  private static int rank(PlannedUnit unit) {
    if (!unit.global()) {
      return 1;
    }
    return unit.competesWithNobody() ? 0 : 2;
  }

  /// Puts the wanted ones of `units` in order: in groups of one, save where there is a circle.
  ///
  /// Removes from [PlannedUnit#replacers()] what is circular, and sets [PlannedUnit#circle].
  static List<List<PlannedUnit>> of(Collection<PlannedUnit> units) {
    List<PlannedUnit> wanted = units.stream().filter(PlannedUnit::wanted).sorted(PRIORITY).toList();
    if (wanted.stream().anyMatch(unit -> !unit.replacers().isEmpty())) {
      groups(wanted).forEach(DependencyOrder::ignoreReplacers);
    }
    List<List<PlannedUnit>> groups = groups(wanted);
    groups.forEach(DependencyOrder::findCircles);
    return groups;
  }

  private static List<List<PlannedUnit>> groups(List<PlannedUnit> wanted) {
    return new Components<>(
            wanted,
            unit ->
                Stream.concat(unit.peers().stream(), unit.replacers().stream())
                    .filter(PlannedUnit::wanted)
                    .toList())
        .groups();
  }

  private static void ignoreReplacers(List<PlannedUnit> group) {
    var circular = new TreeSet<>(group);
    group.forEach(unit -> unit.replacers().removeIf(circular::contains));
  }

  private static void findCircles(List<PlannedUnit> group) {
    var circular = new TreeSet<>(group);
    for (PlannedUnit unit : group) {
      if (unit.peers().stream().anyMatch(circular::contains)) {
        unit.circle(circle(unit, circular));
      }
    }
  }

  /// The circle that one comes upon from `unit`, following peers in the group.
  private static List<UnitName.Placeable> circle(PlannedUnit unit, Set<PlannedUnit> group) {
    var path = new ArrayList<PlannedUnit>();
    PlannedUnit next = unit;
    while (!path.contains(next)) {
      path.add(next);
      next = next.peers().stream().filter(group::contains).findFirst().orElseThrow();
    }
    return path.subList(path.indexOf(next), path.size()).stream().map(PlannedUnit::name).toList();
  }
}
