package fleet.scheduler.plan;

import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// What happens to one cluster, as follows from a seed.
final class RandomLife {

  static final List<String> UNITS =
      List.of(
          "a.service",
          "b.service",
          "c.service",
          "d.socket",
          "web@1.service",
          "web@2.service",
          "web@3.service",
          "web@.service");
  static final List<String> MACHINES = List.of("m1", "m2", "m3", "m4");

  final Random random;
  private final List<String> units;
  private final List<String> machines;
  final ClusterScene cluster = new ClusterScene();
  final StringBuilder story = new StringBuilder();

  RandomLife(long seed) {
    this(seed, UNITS, MACHINES);
  }

  RandomLife(long seed, List<String> units, List<String> machines) {
    this.random = new Random(seed);
    this.units = units;
    this.machines = machines;
    double share = random.nextInt(3) / 2.0;
    cluster.evictShare(share);
    tell("evict_share " + share);
  }

  <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  void happenings() {
    for (int i = random.nextInt(5); i >= 0; i--) {
      happening();
    }
  }

  /// Machines that are present report what they are told to run; what they are not, some still
  /// have.
  void agentsFollow() {
    var snapshot = cluster.snapshot();
    for (MachineId machine : snapshot.machines().keySet()) {
      var assigned = snapshot.assignments().getOrDefault(machine, new TreeMap<>());
      for (String unit : units) {
        if (!unit.contains("@.")) {
          if (assigned.containsKey(ClusterScene.placeable(unit))) {
            if (random.nextInt(4) > 0) {
              cluster.report(unit, machine.text());
              tell("report " + unit + " on " + machine);
            }
            if (random.nextInt(3) == 0
                && snapshot.units().containsKey(ClusterScene.unitName(unit))) {
              var trial = new Trial(random.nextInt(4), random.nextInt(8) == 0);
              cluster.tried(unit, machine.text(), trial);
              tell("tried " + unit + " on " + machine + " " + trial);
            }
          } else if (random.nextInt(3) == 0) {
            cluster.forget(unit, machine.text());
            tell("forget " + unit + " on " + machine);
          }
        }
      }
    }
  }

  void happening() {
    String unit = one(units);
    String machine = one(machines);
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> {
        var metadata = Map.of("disk", one(List.of("ssd", "hdd")), "zone", one(List.of("1", "2")));
        cluster.machine(machine, metadata);
        tell("machine " + machine + " " + new TreeMap<>(metadata));
      }
      case 3 -> {
        cluster.machineGone(machine);
        tell("machine " + machine + " gone");
      }
      case 4 -> {
        if (random.nextInt(8) == 0) {
          cluster.machineEvicted(machine);
          tell("machine " + machine + " evicted");
        } else if (random.nextInt(4) == 0) {
          cluster.machineLeaves(machine);
          tell("machine " + machine + " leaves");
        } else if (random.nextInt(4) == 0) {
          cluster.machineAwaited(machine);
          tell("machine " + machine + " awaited");
        } else if (random.nextInt(4) == 0) {
          cluster.machineUnreadable(machine);
          tell("machine " + machine + " unreadable");
        }
      }
      case 5 -> {
        cluster.destroy(unit);
        tell("destroy " + unit);
      }
      case 6 -> {
        if (random.nextInt(4) == 0) {
          cluster.unitUnreadable(unit);
          tell("unit " + unit + " unreadable");
        }
      }
      case 7 -> {
        if (random.nextInt(3) == 0 && !unit.contains("@.")) {
          cluster.unit(unit, TargetState.LAUNCHED, List.of());
          cluster.assign(unit, machine);
          tell("stranger assigns " + unit + " to " + machine);
        }
      }
      default -> {
        TargetState target =
            one(
                List.of(
                    TargetState.LAUNCHED,
                    TargetState.LAUNCHED,
                    TargetState.LOADED,
                    TargetState.INACTIVE));
        var options = options();
        cluster.unit(unit, target, options);
        tell("unit " + unit + " " + target.text() + " " + options);
      }
    }
  }

  List<String> options() {
    var options = new ArrayList<String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      options.add(
          switch (random.nextInt(9)) {
            case 0 -> "MachineMetadata=disk=" + one(List.of("ssd", "hdd"));
            case 1 -> "MachineMetadata=zone=" + one(List.of("1", "2"));
            case 2, 3 -> "MachineOf=" + one(units);
            case 4, 5 -> "Conflicts=" + one(List.of("web@*.service", "*.service", one(units)));
            case 7 -> "FailureLimit=" + (1 + random.nextInt(2));
            case 6 -> random.nextInt(3) == 0 ? "MachineID=" + one(machines) : "Global=true";
            default -> "Replaces=" + one(List.of("web@*.service", "?.service", one(units)));
          });
    }
    return options;
  }

  void tell(String happening) {
    story.append(happening).append('\n');
  }
}
