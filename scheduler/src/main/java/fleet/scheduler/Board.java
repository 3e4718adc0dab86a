package fleet.scheduler;

import fleet.cluster.Assignment;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.scheduler.Candidate.Intent;
import fleet.scheduler.Host.Standing;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which unit sits on which machine by the plan so far, and the one rule that says whether it may.
///
/// It begins with every seat empty.
final class Board {

  private final ClusterSnapshot cluster;
  private final Misfortunes misfortunes;
  private final Remains remains;
  private final Effort effort;
  private final SortedMap<MachineId, Host> hosts = new TreeMap<>();
  private final SortedMap<String, Candidate> candidates = new TreeMap<>();

  private final Pools present = new Pools();

  /// Machines that a unit has left, one after the other.
  private final List<Host> departures = new ArrayList<>();

  /// Machines that a unit has come to that is some other's peer, one after the other.
  private final List<Host> arrivals = new ArrayList<>();

  /// @param kept absent machines that keep what they have
  /// @param remains what may still run on machines that are gone
  Board(ClusterSnapshot cluster, SortedSet<MachineId> kept, Remains remains, Effort effort) {
    this.cluster = cluster;
    this.effort = effort;
    this.remains = remains;
    this.misfortunes = new Misfortunes(cluster);
    cluster
        .machines()
        .values()
        .forEach(
            machine ->
                add(
                    new Host(
                        machine.id(),
                        Standing.PRESENT,
                        machine.metadata(),
                        machine.own(),
                        effort)));
    cluster.unreadable().machines().forEach(id -> add(absent(id, Standing.HELD)));
    cluster
        .assignments()
        .keySet()
        .forEach(id -> add(absent(id, kept.contains(id) ? Standing.HELD : Standing.GONE)));
    addCandidates();
    addRemnants();
    link();
  }

  private Host absent(MachineId id, Standing standing) {
    return new Host(
        id, standing, Collections.emptySortedMap(), Collections.emptySortedMap(), effort);
  }

  private void add(Host host) {
    if (hosts.putIfAbsent(host.id(), host) == null && host.standing() == Standing.PRESENT) {
      present.add(host);
    }
  }

  private void addCandidates() {
    var homes = new TreeMap<UnitName.Placeable, SortedMap<Host, Assignment>>();
    cluster
        .assignments()
        .forEach(
            (machine, assignments) ->
                assignments.forEach(
                    (unit, assignment) ->
                        homes
                            .computeIfAbsent(unit, _ -> new TreeMap<>())
                            .put(hosts.get(machine), assignment)));
    cluster
        .units()
        .values()
        .forEach(
            unit -> {
              if (unit.name() instanceof UnitName.Placeable name) {
                add(candidate(name, unit, homes.getOrDefault(name, Candidate.nowhere())));
              }
            });
    for (UnitName unit : cluster.unreadable().units()) {
      if (unit instanceof UnitName.Placeable name) {
        add(Candidate.unreadable(name, homes.getOrDefault(name, Candidate.nowhere())));
      }
    }
    homes.forEach((name, where) -> add(Candidate.unwanted(name, Intent.DESTROYED, where)));
    int number = 0;
    for (Candidate unit : candidates.values()) {
      unit.number(number++);
    }
  }

  /// Notes which units are still on machines that they have been taken off.
  private void addRemnants() {
    cluster
        .states()
        .forEach(
            (machine, states) -> {
              var assigned = cluster.assignments().getOrDefault(machine, new TreeMap<>());
              for (UnitName.Placeable unit : states.keySet()) {
                Candidate found = assigned.containsKey(unit) ? null : candidates.get(unit.text());
                if (found != null) {
                  found.remnants().add(machine);
                }
              }
            });
  }

  private static Candidate candidate(
      UnitName.Placeable name, DesiredUnit unit, SortedMap<Host, Assignment> homes) {
    return unit.target() == TargetState.INACTIVE
        ? Candidate.unwanted(name, Intent.INACTIVE, homes)
        : Candidate.wanted(name, unit, homes);
  }

  private void add(Candidate unit) {
    candidates.putIfAbsent(unit.name().text(), unit);
  }

  /// Tells the units of each other. Units that are to run nowhere have to do with nobody.
  private void link() {
    var conflicts = new GlobIndex<Candidate>();
    var replaces = new GlobIndex<Candidate>();
    for (Candidate unit : candidates.values()) {
      unit.requirements().conflicts().forEach(glob -> conflicts.add(glob, unit));
      unit.requirements().replaces().forEach(glob -> replaces.add(glob, unit));
    }
    for (Candidate unit : candidates.values()) {
      String name = unit.name().text();
      unit.matchedBy().addAll(conflicts.matching(name));
      if (unit.wanted()) {
        var replacers = new TreeSet<Candidate>();
        replaces.matching(name).forEach(glob -> replacers.addAll(replaces.owners(glob)));
        replacers.remove(unit);
        unit.replacers().addAll(replacers);
        for (String peer : unit.requirements().machineOf()) {
          Candidate found = candidates.get(peer);
          if (found != null && found.wanted()) {
            unit.peers().add(found);
            found.followers().add(unit);
          }
        }
      }
    }
  }

  /// Lets units with equal demands share what is found out for one of them. To be called when all
  /// is known that a [Demand] consists of.
  void shareOpenings() {
    Map<Demand, Openings> shared = new LinkedHashMap<>();
    var taken = new TreeSet<UnitName.Placeable>();
    cluster.machines().values().forEach(machine -> taken.addAll(machine.own().keySet()));
    for (Candidate unit : candidates.values()) {
      unit.openings(shared.computeIfAbsent(Demand.of(unit, taken), _ -> new Openings(this)));
    }
  }

  Collection<Candidate> candidates() {
    return candidates.values();
  }

  /// Where units have failed.
  Misfortunes misfortunes() {
    return misfortunes;
  }

  /// All machines that anything is known of, sorted by ID.
  Collection<Host> hosts() {
    return hosts.values();
  }

  /// The machine of that ID, if units can be placed on it.
  Optional<Host> present(MachineId id) {
    return Optional.ofNullable(hosts.get(id)).filter(host -> host.standing() == Standing.PRESENT);
  }

  /// How many machines there are that units can be placed on.
  int presentMachines() {
    return present.all().size();
  }

  void seat(Candidate unit, Host host) {
    if (unit.seats().add(host)) {
      host.take(unit);
      if (!unit.followers().isEmpty()) {
        arrivals.add(host);
      }
    }
  }

  void unseat(Candidate unit, Host host) {
    if (unit.seats().remove(host)) {
      host.release(unit);
      departures.add(host);
    }
  }

  /// Machines that a unit has left since the beginning: they may be able now to take what they
  /// could not. The list only grows.
  List<Host> departures() {
    return departures;
  }

  /// Machines that a unit has come to that others must be with: they may be able now to take what
  /// they could not. The list only grows.
  List<Host> arrivals() {
    return arrivals;
  }

  /// Present machines on which `unit` may be placed if nothing speaks against it, all others being
  /// out of the question; the best come first.
  SortedSet<Host> eligible(Candidate unit) {
    var peers = unit.requirements().machineOf();
    if (unit.requirements().machineId().isPresent() || peers.isEmpty()) {
      return present.of(unit.requirements());
    }
    Candidate peer = candidates.get(peers.first());
    var hosts = new TreeSet<>(Host.BY_LOAD);
    if (peer != null) {
      peer.seats().stream().filter(host -> host.standing() == Standing.PRESENT).forEach(hosts::add);
    }
    return hosts;
  }

  /// Machines that still say something of a unit: as long as one does, the unit may run there, and
  /// can be put on no other. A machine that is lost says nothing; an exclusive unit may run there
  /// until [#isStopped].
  SortedSet<MachineId> stillOn(Candidate unit) {
    var machines = new TreeSet<>(unit.remnants());
    for (Host home : unit.homes().keySet()) {
      if (reports(home.id(), unit) || !isStopped(unit, home)) {
        machines.add(home.id());
      }
    }
    return machines;
  }

  /// The machine that must have stopped `unit` before it can go where nothing speaks against it;
  /// empty if there is no such machine, or no such place.
  Optional<MachineId> stopsOn(Candidate unit) {
    var machines = stillOn(unit);
    if (unit.global() || machines.isEmpty()) {
      return Optional.empty();
    }
    return unit.openings()
        .best(unit, host -> machines.size() > 1 || !machines.contains(host.id()))
        .flatMap(
            host -> machines.stream().filter(machine -> !machine.equals(host.id())).findFirst());
  }

  private boolean reports(MachineId machine, Candidate unit) {
    var states = cluster.states().get(machine);
    return states != null && states.containsKey(unit.name()) && !isReleased(machine, unit);
  }

  private boolean isReleased(MachineId machine, Candidate unit) {
    var released = cluster.released().get(machine);
    return released != null && released.contains(unit.name());
  }

  /// Whether a unit that is exclusive at a home of its own has stopped there for certain: if it was
  /// withheld, and that machine has said so since, or is gone, and the switch must have fired.
  boolean isStopped(Candidate unit, Host home) {
    Assignment told = unit.homes().get(home);
    return told == null
        || !unit.exclusiveOn(home)
        || (told.withheld()
            && (isReleased(home.id(), unit)
                || (home.standing() == Standing.GONE
                    && !reports(home.id(), unit)
                    && remains.until(home.id(), unit.name()).isEmpty())));
  }

  /// For whom a unit waits that nothing else keeps from starting, and for how long.
  String wait(Candidate unit, MachineId on) {
    Host host = hosts.get(on);
    if (host == null || host.standing() != Standing.GONE || reports(on, unit)) {
      return "it is still stopping on " + on;
    }
    return "its machine "
        + on
        + " is gone, and will have stopped it for certain"
        + remains.until(on, unit.name()).map(instant -> " at " + instant).orElse("");
  }

  /// What speaks against `unit` being on `host` beside all the others that sit there; empty if it
  /// may be there. The same for every unit, global or not, whether it is there already or not.
  /// [Demand] has what it depends on.
  Optional<Veto> veto(Candidate unit, Host host) {
    effort.verdict();
    return machineIdVeto(unit, host)
        .or(() -> metadataVeto(unit, host))
        .or(() -> host.own(unit).map(Veto.Own::new))
        .or(() -> peerVeto(unit, host))
        .or(() -> host.conflicting(unit).map(other -> new Veto.Conflict(other.name())))
        .or(() -> replacedVeto(unit, host));
  }

  /// The part of [#veto] in which no other unit has a say.
  Optional<Veto> ownVeto(Candidate unit, Host host) {
    return machineIdVeto(unit, host)
        .or(() -> metadataVeto(unit, host))
        .or(() -> host.own(unit).map(Veto.Own::new));
  }

  private static Optional<Veto> machineIdVeto(Candidate unit, Host host) {
    return unit.requirements().admitsMachineId(host.id().text())
        ? Optional.empty()
        : unit.requirements().machineId().map(Veto.OtherMachine::new);
  }

  /// Of a machine that is away, what it carries is not known, and not held against it.
  private static Optional<Veto> metadataVeto(Candidate unit, Host host) {
    if (host.standing() != Standing.PRESENT) {
      return Optional.empty();
    }
    for (var wanted : unit.requirements().metadata().entrySet()) {
      var found = Optional.ofNullable(host.metadata().get(wanted.getKey()));
      if (found.filter(value -> wanted.getValue().contains(value)).isEmpty()) {
        return Optional.of(new Veto.Metadata(wanted.getKey(), wanted.getValue(), found));
      }
    }
    return Optional.empty();
  }

  private Optional<Veto> peerVeto(Candidate unit, Host host) {
    for (String name : unit.requirements().machineOf()) {
      Candidate peer = candidates.get(name);
      if (peer == null || !host.has(peer)) {
        return Optional.of(
            unit.circle().isEmpty() ? absence(name, peer) : new Veto.Circle(unit.circle()));
      }
    }
    return Optional.empty();
  }

  private static Veto absence(String name, @Nullable Candidate peer) {
    if (peer == null || peer.intent() == Intent.DESTROYED) {
      return new Veto.PeerNowhere(name, Veto.Absence.UNKNOWN);
    }
    if (peer.intent() == Intent.INACTIVE) {
      return new Veto.PeerNowhere(name, Veto.Absence.INACTIVE);
    }
    return peer.seats().isEmpty()
        ? new Veto.PeerNowhere(name, Veto.Absence.WAITING)
        : new Veto.PeerElsewhere(name);
  }

  private static Optional<Veto> replacedVeto(Candidate unit, Host host) {
    return unit.replacers().stream()
        .filter(host::has)
        .findFirst()
        .map(by -> new Veto.Replaced(by.name()));
  }
}
