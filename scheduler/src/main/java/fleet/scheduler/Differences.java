package fleet.scheduler;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Failures;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import fleet.cluster.TargetState;
import fleet.scheduler.Draft.Seat;
import fleet.scheduler.Host.Standing;
import fleet.scheduler.Plan.Step;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What has to be done so that all units come from their homes to their seats, and why.
final class Differences {

  /// For how many machines it is said why they cannot take a unit. Fifty sentences are more
  /// than anybody reads, and each waiting unit costs as many.
  private static final int VETOES_TOLD = 50;

  /// What is found out once for all units of which it is true.
  private record Finding(Openings openings, String summary) {}

  private final Board board;
  private final SortedMap<Seat, Veto> evictions;
  private final SortedMap<Seat, Choice> choices;
  private final List<Host> machinesTold;
  private final Map<Finding, Refusal> refusals = new LinkedHashMap<>();

  /// @param evictions what was against a unit's staying when it was taken off
  /// @param choices why a unit was seated where it had not been
  Differences(Board board, SortedMap<Seat, Veto> evictions, SortedMap<Seat, Choice> choices) {
    this.board = board;
    this.evictions = evictions;
    this.choices = choices;
    this.machinesTold =
        board.hosts().stream()
            .filter(host -> host.standing() == Standing.PRESENT)
            .limit(VETOES_TOLD)
            .toList();
  }

  Plan plan(ClusterSnapshot cluster, Optional<Pause> pause) {
    List<Step> steps = new ArrayList<>();
    for (Candidate unit : board.candidates()) {
      for (Host home : unit.homes().keySet()) {
        if (!unit.seats().contains(home)) {
          takenOff(unit, home).ifPresent(steps::add);
        }
      }
      for (Host seat : unit.seats()) {
        told(unit, seat).ifPresent(steps::add);
      }
      if (unit.wanted() && waits(unit)) {
        steps.add(leave(unit));
      }
    }
    cluster.units().values().stream()
        .filter(unit -> unit.target() != TargetState.INACTIVE)
        .filter(unit -> unit.name() instanceof UnitName.Template)
        .forEach(template -> steps.add(leaveTemplate(template)));
    return new Plan(cluster.revision(), steps, forsaken(cluster, steps), pause, failures());
  }

  /// Where units have failed too often, those among them that are taken off a machine for that now.
  private SortedMap<UnitName.Placeable, Failures> failures() {
    var failures = new TreeMap<>(board.misfortunes().uncertain());
    for (Candidate unit : board.candidates()) {
      if (unit.requirements().failureLimit().isPresent()) {
        var left =
            unit.homes().keySet().stream()
                .filter(home -> !unit.seats().contains(home))
                .filter(home -> evictions.get(new Seat(unit, home)) instanceof Veto.Failed)
                .findFirst();
        board
            .misfortunes()
            .after(unit, left)
            .ifPresent(remembered -> failures.put(unit.name(), remembered));
      }
    }
    return failures;
  }

  /// Machines that are given up, and would be counted as silent again: some of what they have
  /// stays.
  private SortedSet<MachineId> forsaken(ClusterSnapshot cluster, List<Step> steps) {
    var left = new TreeMap<MachineId, Integer>();
    for (Host host : board.hosts()) {
      if (host.standing() == Standing.GONE && !cluster.forsaken().contains(host.id())) {
        left.put(host.id(), cluster.assignments().getOrDefault(host.id(), new TreeMap<>()).size());
      }
    }
    for (Step step : steps) {
      if (step instanceof Step.Unassign(_, var machine, _)) {
        left.computeIfPresent(machine, (_, count) -> count - 1);
      }
    }
    left.values().removeIf(count -> count == 0);
    return new TreeSet<>(left.keySet());
  }

  /// How a machine comes to have a unit no more. An exclusive one is withheld first.
  private Optional<Step> takenOff(Candidate unit, Host home) {
    return board.isStopped(unit, home)
        ? Optional.of(new Step.Unassign(unit.name(), home.id(), cause(unit, home)))
        : withheld(unit, home, cause(unit, home));
  }

  private static Optional<Step> withheld(Candidate unit, Host home, Cause cause) {
    var told = Objects.requireNonNull(unit.homes().get(home));
    return told.withheld()
        ? Optional.empty()
        : Optional.of(new Step.Withhold(home.id(), told.withhold(), cause));
  }

  private Cause cause(Candidate unit, Host home) {
    return switch (unit.intent()) {
      case DESTROYED -> new Cause.Destroyed();
      case INACTIVE -> new Cause.Inactive();
      case UNREADABLE -> throw new AssertionError(unit + " is unreadable, and was moved");
      case WANTED ->
          home.standing() == Standing.GONE ? new Cause.MachineGone() : whyMoved(unit, home);
    };
  }

  /// What was against its staying; but of a peer, what has become of it in the end.
  private Cause whyMoved(Candidate unit, Host home) {
    var eviction = Optional.ofNullable(evictions.get(new Seat(unit, home)));
    return eviction
        .filter(veto -> veto instanceof Veto.PeerNowhere)
        .flatMap(_ -> board.veto(unit, home))
        .or(() -> eviction)
        .<Cause>map(Cause.Vetoed::new)
        .orElseGet(Cause.Duplicate::new);
  }

  /// What a machine that should have the unit must be told.
  private Optional<Step> told(Candidate unit, Host seat) {
    if (unit.mustGoBeforeItsNewText(seat) && !board.isStopped(unit, seat)) {
      return withheld(unit, seat, new Cause.Rewritten());
    }
    return unit.assignment(seat)
        .filter(_ -> unit.outdated(seat))
        .map(
            assignment ->
                assignment.withheld()
                    ? new Step.Withhold(seat.id(), assignment, new Cause.MachineGone())
                    : unit.homes().containsKey(seat)
                        ? new Step.Update(seat.id(), assignment, unit.homes().get(seat))
                        : new Step.Assign(
                            seat.id(),
                            assignment,
                            Objects.requireNonNull(choices.get(new Seat(unit, seat)))));
  }

  /// Whether nobody runs the unit.
  private static boolean waits(Candidate unit) {
    return unit.seats().stream().allMatch(seat -> seat.standing() == Standing.GONE);
  }

  /// Where a machine has nothing against the unit, another must have stopped it before.
  private Step leave(Candidate unit) {
    var refusal =
        board
            .stopsOn(unit)
            .map(on -> new Refusal(board.wait(unit, on), new TreeMap<>()))
            .orElseGet(() -> refusal(unit));
    return new Step.Leave(unit.name(), refusal);
  }

  /// Units with equal demands are refused for the same reasons.
  private Refusal refusal(Candidate unit) {
    return refusals.computeIfAbsent(
        new Finding(unit.openings(), summary(unit)),
        finding -> new Refusal(finding.summary(), vetoes(unit)));
  }

  private String summary(Candidate unit) {
    if (!unit.circle().isEmpty()) {
      return new Veto.Circle(unit.circle()).reason();
    }
    int machines = board.presentMachines();
    if (unit.seats().isEmpty() || unit.global()) {
      return switch (machines) {
        case 0 -> "there is no machine";
        case 1 -> "the only machine cannot take it";
        default -> "none of " + machines + " machines can take it";
      };
    }
    String gone = "its machine " + unit.seats().first() + " is gone, and ";
    return switch (machines) {
      case 0 -> gone + "there is no other";
      case 1 -> gone + "the only other cannot take it";
      default -> gone + "none of " + machines + " others can take it";
    };
  }

  private SortedMap<MachineId, Veto> vetoes(Candidate unit) {
    var vetoes = new TreeMap<MachineId, Veto>();
    machinesTold.forEach(
        host -> board.veto(unit, host).ifPresent(veto -> vetoes.put(host.id(), veto)));
    return vetoes;
  }

  private static Step leaveTemplate(DesiredUnit template) {
    return new Step.Leave(
        template.name(),
        new Refusal("a template runs nowhere; start instances of it", new TreeMap<>()));
  }
}
