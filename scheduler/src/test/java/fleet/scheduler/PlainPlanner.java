package fleet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.scheduler.Draft.Seat;
import fleet.scheduler.Host.Standing;
import fleet.scheduler.Plan.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The planner as it was first: each unit is tried on each machine, each time, and whoever is in
/// its way is looked for among all who are there. What the planner decides it must decide, too, and
/// it says how much work that is if nothing is remembered.
final class PlainPlanner {

  private static final int VETOES_TOLD = 50;

  private final ClusterSnapshot cluster;
  private final Calm calm;
  private final Effort effort = new Effort();
  private final Board board;
  private final List<List<Candidate>> groups;
  private final SortedMap<Seat, Veto> evictions = new TreeMap<>();
  private final SortedMap<Seat, Choice> choices = new TreeMap<>();
  private boolean drivenOut;

  private PlainPlanner(ClusterSnapshot cluster, Doubts doubts, Remains remains) {
    this.cluster = cluster;
    this.calm = Calm.of(cluster, doubts);
    this.board = new Board(cluster, calm.kept(), remains, effort);
    this.groups = Sequence.of(board.candidates());
    board.shareOpenings();
  }

  static Planner.Worked worked(ClusterSnapshot cluster, Doubts doubts, Remains remains) {
    var planner = new PlainPlanner(cluster, doubts, remains);
    planner.holdWhatIsUncertain();
    planner.groups.forEach(group -> planner.keep(group, Standing.PRESENT));
    planner.placeTheOthers();
    planner.groups.forEach(group -> planner.keep(group, Standing.GONE));
    return new Planner.Worked(planner.plan(), planner.effort);
  }

  private void holdWhatIsUncertain() {
    for (Candidate unit : board.candidates()) {
      switch (unit.intent()) {
        case UNREADABLE -> unit.homes().keySet().forEach(home -> board.seat(unit, home));
        case WANTED -> homes(unit, Standing.HELD).forEach(home -> board.seat(unit, home));
        case INACTIVE, DESTROYED -> {}
      }
    }
  }

  private void keep(List<Candidate> group, Standing standing) {
    for (Candidate unit : group) {
      if (unit.global() || unit.seats().isEmpty()) {
        homes(unit, standing).forEach(home -> board.seat(unit, home));
      }
    }
    boolean settled;
    do {
      settled = true;
      for (Candidate unit : group) {
        for (Host home : homes(unit, standing)) {
          var veto =
              unit.seats().contains(home)
                  ? veto(unit, home).or(() -> failed(unit, home))
                  : Optional.<Veto>empty();
          if (veto.isPresent()) {
            evict(unit, home, veto.get());
            settled = false;
          }
        }
      }
    } while (!settled);
  }

  private Optional<Veto> failed(Candidate unit, Host home) {
    return board
        .misfortunes()
        .tooOften(unit, home)
        .filter(
            _ ->
                board.eligible(unit).stream()
                    .anyMatch(host -> !host.equals(home) && veto(unit, host).isEmpty()))
        .map(Veto.Failed::new);
  }

  private List<Host> homes(Candidate unit, Standing standing) {
    var homes = unit.homes().keySet().stream();
    if (!unit.global()) {
      homes =
          homes
              .min(
                  Comparator.comparing((Host home) -> home.standing() == Standing.GONE)
                      .thenComparing(home -> board.ownVeto(unit, home).isPresent())
                      .thenComparing(Host::standing)
                      .thenComparing(Comparator.naturalOrder()))
              .stream();
    }
    return homes.filter(home -> home.standing() == standing).toList();
  }

  private void evict(Candidate unit, Host host, Veto veto) {
    board.unseat(unit, host);
    evictions.put(new Seat(unit, host), veto);
  }

  private void placeTheOthers() {
    int rounds = 0;
    do {
      drivenOut = false;
      groups.forEach(group -> group.forEach(this::place));
    } while (drivenOut && ++rounds < groups.size());
  }

  private void place(Candidate unit) {
    if (unit.global()) {
      for (Host host : board.hosts()) {
        if (host.standing() == Standing.PRESENT && may(unit, host)) {
          seat(unit, host, new Choice.Everywhere());
        }
      }
    } else if (unit.seats().isEmpty() && board.misfortunes().concern(unit)) {
      board.eligible(unit).stream()
          .filter(host -> may(unit, host))
          .min(Comparator.comparingInt(host -> board.misfortunes().rank(unit, host)))
          .filter(host -> unit.homes().containsKey(host) || stillOn(unit, host).isEmpty())
          .ifPresent(host -> seat(unit, host, choice(unit, host)));
    } else if (unit.seats().isEmpty()) {
      Stream.concat(
              homes(unit, Standing.PRESENT).stream(),
              board.eligible(unit).stream().filter(host -> stillOn(unit, host).isEmpty()))
          .filter(host -> may(unit, host))
          .findFirst()
          .ifPresent(host -> seat(unit, host, choice(unit, host)));
    }
  }

  private boolean may(Candidate unit, Host host) {
    return !host.has(unit) && veto(unit, host).isEmpty();
  }

  private static Choice choice(Candidate unit, Host host) {
    var requirements = unit.requirements();
    if (requirements.machineId().isPresent()) {
      return new Choice.Named();
    }
    return requirements.machineOf().isEmpty()
        ? new Choice.FewestUnits(host.load())
        : new Choice.WithPeer(requirements.machineOf().first());
  }

  private void seat(Candidate unit, Host host, Choice choice) {
    board.seat(unit, host);
    choices.put(new Seat(unit, host), choice);
    host.residents().stream()
        .filter(resident -> resident.replacers().contains(unit))
        .toList()
        .forEach(resident -> driveOut(resident, host));
  }

  private void driveOut(Candidate first, Host host) {
    drivenOut = true;
    Deque<Candidate> leaving = new ArrayDeque<>(List.of(first));
    while (!leaving.isEmpty()) {
      Candidate unit = leaving.remove();
      if (unit.seats().contains(host)) {
        veto(unit, host).ifPresent(veto -> evict(unit, host, veto));
        leaving.addAll(unit.followers());
      }
    }
  }

  /// What the board says, if of a conflict it says the same as whoever looks at all who are there.
  private Optional<Veto> veto(Candidate unit, Host host) {
    assertEquals(
        host.residents().stream().filter(other -> conflict(unit, other)).findFirst(),
        host.conflicting(unit));
    return board.veto(unit, host);
  }

  private static boolean conflict(Candidate one, Candidate other) {
    return !one.equals(other)
        && !(Collections.disjoint(one.requirements().conflicts(), other.matchedBy())
            && Collections.disjoint(other.requirements().conflicts(), one.matchedBy()));
  }

  private Optional<MachineId> stillOn(Candidate unit, Host host) {
    return board.stillOn(unit).stream().filter(machine -> !machine.equals(host.id())).findFirst();
  }

  private Optional<MachineId> stopsOn(Candidate unit) {
    if (unit.global() || (unit.remnants().isEmpty() && unit.homes().isEmpty())) {
      return Optional.empty();
    }
    return board.eligible(unit).stream()
        .filter(host -> stillOn(unit, host).isPresent())
        .filter(host -> veto(unit, host).isEmpty())
        .findFirst()
        .flatMap(host -> stillOn(unit, host));
  }

  private Plan plan() {
    Plan plan = new Differences(board, evictions, choices).plan(cluster, calm.pause());
    var steps = new ArrayList<Step>();
    for (Step step : plan.steps()) {
      steps.add(step instanceof Step.Leave leave ? plainly(leave) : step);
    }
    return new Plan(plan.revision(), steps, plan.forsaken(), plan.pause(), plan.failures());
  }

  private Step plainly(Step.Leave leave) {
    var unit =
        board.candidates().stream()
            .filter(candidate -> candidate.name().equals(leave.unit()))
            .findFirst();
    if (unit.isEmpty()) {
      return leave; // a template
    }
    var on = stopsOn(unit.get());
    if (on.isPresent()) {
      return new Step.Leave(
          leave.unit(), new Refusal(board.wait(unit.get(), on.get()), new TreeMap<>()));
    }
    var vetoes = new TreeMap<MachineId, Veto>();
    board.hosts().stream()
        .filter(host -> host.standing() == Standing.PRESENT)
        .limit(VETOES_TOLD)
        .forEach(host -> veto(unit.get(), host).ifPresent(veto -> vetoes.put(host.id(), veto)));
    return new Step.Leave(leave.unit(), new Refusal(leave.refusal().summary(), vetoes));
  }
}
