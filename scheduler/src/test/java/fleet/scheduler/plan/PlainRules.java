package fleet.scheduler.plan;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.unit.UnitName;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// The rules of placement a second time, as plainly as they can be said and as slow as that makes
/// them: what the planner is held against.
final class PlainRules {

  private final ClusterSnapshot cluster;

  PlainRules(ClusterSnapshot cluster) {
    this.cluster = cluster;
  }

  Collection<DesiredUnit> wanted() {
    return cluster.units().values().stream().filter(this::wanted).toList();
  }

  private boolean wanted(DesiredUnit unit) {
    return unit.target() != TargetState.INACTIVE && unit.name() instanceof UnitName.Placeable;
  }

  Set<MachineId> machinesOf(UnitName unit) {
    var machines = new TreeSet<MachineId>();
    cluster
        .assignments()
        .forEach(
            (machine, assignments) -> {
              if (unit instanceof UnitName.Placeable name && assignments.containsKey(name)) {
                machines.add(machine);
              }
            });
    return machines;
  }

  /// Whether `unit` may be on `machine`, which is present, beside all others that are there.
  boolean mayBe(DesiredUnit unit, Machine machine) {
    var requirements = unit.requirements();
    return requirements.admitsMachineId(machine.id().text())
        && requirements.metadata().entrySet().stream()
            .allMatch(
                wanted -> {
                  String value = machine.metadata().get(wanted.getKey());
                  return value != null && wanted.getValue().contains(value);
                })
        && requirements.machineOf().stream()
            .allMatch(peer -> machinesOf(ClusterScene.unitName(peer)).contains(machine.id()))
        && wanted().stream()
            .filter(other -> !other.name().equals(unit.name()))
            .filter(other -> machinesOf(other.name()).contains(machine.id()))
            .noneMatch(
                other -> conflict(unit, other) || conflict(other, unit) || replaces(other, unit));
  }

  private static boolean conflict(DesiredUnit one, DesiredUnit other) {
    return one.requirements().conflicts().stream()
        .anyMatch(glob -> glob.matches(other.name().text()));
  }

  private static boolean names(DesiredUnit one, DesiredUnit other) {
    return !one.name().equals(other.name())
        && one.requirements().replaces().stream()
            .anyMatch(glob -> glob.matches(other.name().text()));
  }

  /// Whether `one` pushes `other` off, and not `other`, by way of whomever, `one`.
  private boolean replaces(DesiredUnit one, DesiredUnit other) {
    return names(one, other) && !dependsOn(one, other, new HashSet<>());
  }

  private boolean dependsOn(DesiredUnit one, DesiredUnit other, Set<UnitName> seen) {
    if (one.name().equals(other.name())) {
      return true;
    }
    return seen.add(one.name())
        && wanted().stream()
            .filter(
                next ->
                    names(next, one) || one.requirements().machineOf().contains(next.name().text()))
            .anyMatch(next -> dependsOn(next, other, seen));
  }
}
