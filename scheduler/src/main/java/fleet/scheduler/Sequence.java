package fleet.scheduler;

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
final class Sequence {

  private static final Comparator<Candidate> PRIORITY =
      Comparator.comparing(Candidate::rewritten)
          .thenComparingInt(Sequence::rank)
          .thenComparing(Comparator.naturalOrder());

  private Sequence() {}

  private static int rank(Candidate unit) {
    if (!unit.global()) {
      return 1;
    }
    return unit.competesWithNobody() ? 0 : 2;
  }

  /// Puts the wanted ones of `units` in order: in groups of one, save where there is a circle.
  ///
  /// Removes from [Candidate#replacers()] what is circular, and sets [Candidate#circle].
  static List<List<Candidate>> of(Collection<Candidate> units) {
    List<Candidate> wanted = units.stream().filter(Candidate::wanted).sorted(PRIORITY).toList();
    if (wanted.stream().anyMatch(unit -> !unit.replacers().isEmpty())) {
      groups(wanted).forEach(Sequence::ignoreReplacers);
    }
    List<List<Candidate>> groups = groups(wanted);
    groups.forEach(Sequence::findCircles);
    return groups;
  }

  private static List<List<Candidate>> groups(List<Candidate> wanted) {
    return new Components<>(
            wanted,
            unit ->
                Stream.concat(unit.peers().stream(), unit.replacers().stream())
                    .filter(Candidate::wanted)
                    .toList())
        .groups();
  }

  private static void ignoreReplacers(List<Candidate> group) {
    var circular = new TreeSet<>(group);
    group.forEach(unit -> unit.replacers().removeIf(circular::contains));
  }

  private static void findCircles(List<Candidate> group) {
    var circular = new TreeSet<>(group);
    for (Candidate unit : group) {
      if (unit.peers().stream().anyMatch(circular::contains)) {
        unit.circle(circle(unit, circular));
      }
    }
  }

  /// The circle that one comes upon from `unit`, following peers in the group.
  private static List<UnitName.Placeable> circle(Candidate unit, Set<Candidate> group) {
    var path = new ArrayList<Candidate>();
    Candidate next = unit;
    while (!path.contains(next)) {
      path.add(next);
      next = next.peers().stream().filter(group::contains).findFirst().orElseThrow();
    }
    return path.subList(path.indexOf(next), path.size()).stream().map(Candidate::name).toList();
  }
}
