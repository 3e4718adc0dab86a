package fleet.scheduler;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Pause;
import fleet.scheduler.Host.Standing;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A plan in the making: seats units on a [Board], and remembers why. [Planner] says by
/// which rules.
final class Draft {

  /// A unit on a machine.
  record Seat(Candidate unit, Host host) implements Comparable<Seat> {
    private static final Comparator<Seat> ORDER =
        Comparator.comparing(Seat::unit).thenComparing(Seat::host);

    @Override
    public int compareTo(Seat other) {
      return ORDER.compare(this, other);
    }
  }

  private final Board board;
  private final List<List<Candidate>> groups;
  private final SortedMap<Seat, Veto> evictions = new TreeMap<>();
  private final SortedMap<Seat, Choice> choices = new TreeMap<>();

  /// Whether placing a unit has driven out another, since this was last lowered.
  private boolean drivenOut;

  Draft(Board board) {
    this.board = board;
    this.groups = Sequence.of(board.candidates());
    board.shareOpenings();
  }

  /// Seats what too little is known of to touch it.
  void holdWhatIsUncertain() {
    for (Candidate unit : board.candidates()) {
      switch (unit.intent()) {
        case UNREADABLE -> unit.homes().keySet().forEach(home -> board.seat(unit, home));
        case WANTED -> homes(unit, Standing.HELD).forEach(home -> board.seat(unit, home));
        case INACTIVE, DESTROYED -> {}
      }
    }
  }

  /// Seats at home what may stay there.
  void keepWhatMayStay() {
    groups.forEach(group -> keep(group, Standing.PRESENT));
  }

  /// Seats at home, though nobody is there, what no other machine can take.
  void keepWhatCannotLeave() {
    groups.forEach(group -> keep(group, Standing.GONE));
  }

  /// Seats a whole group at home, then evicts who may not stay, until all may: in a circle, each
  /// that goes may take the next along.
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
                  ? board.veto(unit, home).or(() -> failed(unit, home))
                  : Optional.<Veto>empty();
          if (veto.isPresent()) {
            evict(unit, home, veto.get());
            settled = false;
          }
        }
      }
    } while (!settled);
  }

  /// That a unit has failed too often where it is, if it can go elsewhere.
  private Optional<Veto> failed(Candidate unit, Host home) {
    return board
        .misfortunes()
        .tooOften(unit, home)
        .filter(_ -> unit.openings().best(unit, host -> !host.equals(home)).isPresent())
        .map(Veto.Failed::new);
  }

  /// Where a unit may stay: at every home if it is global, else at the best of them.
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

  /// Finds a seat for all that have none.
  ///
  /// Whoever is driven out may have been in the way of somebody earlier, who then has another try.
  /// This ends, since a unit is driven out only by one that comes before it: the first to find a
  /// seat in a round keeps it. It takes two rounds, or three; the limit is for what nobody has
  /// thought of, and leaves the rest to the next plan.
  void placeTheOthers() {
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
    } else if (unit.seats().isEmpty()) {
      (board.misfortunes().concern(unit) ? whereItHasFailedLeast(unit) : best(unit))
          .ifPresent(host -> seat(unit, host, choice(unit, host)));
    }
  }

  /// Its home, if it can come back there, else the machine with the fewest units; if a machine has
  /// yet to stop it, that one or none.
  private Optional<Host> best(Candidate unit) {
    for (Host home : homes(unit, Standing.PRESENT)) {
      if (may(unit, home)) {
        return Optional.of(home);
      }
    }
    var stillOn = board.stillOn(unit);
    return switch (stillOn.size()) {
      case 0 -> unit.openings().best(unit, _ -> true);
      case 1 -> board.present(stillOn.first()).filter(host -> may(unit, host));
      default -> Optional.empty();
    };
  }

  /// The machine on which it has not failed, or longest ago; but none that it cannot go to yet.
  private Optional<Host> whereItHasFailedLeast(Candidate unit) {
    var misfortunes = board.misfortunes();
    return unit.openings()
        .best(unit, host -> misfortunes.rank(unit, host) == 0)
        .or(
            () ->
                board.eligible(unit).stream()
                    .filter(host -> misfortunes.rank(unit, host) > 0)
                    .filter(host -> may(unit, host))
                    .min(Comparator.comparingInt(host -> misfortunes.rank(unit, host))))
        .filter(
            host ->
                unit.homes().containsKey(host)
                    || board.stillOn(unit).stream().allMatch(host.id()::equals));
  }

  private boolean may(Candidate unit, Host host) {
    return !host.has(unit) && board.veto(unit, host).isEmpty();
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

  /// Evicts a unit and all that must be where it is.
  private void driveOut(Candidate first, Host host) {
    drivenOut = true;
    Deque<Candidate> leaving = new ArrayDeque<>(List.of(first));
    while (!leaving.isEmpty()) {
      Candidate unit = leaving.remove();
      if (unit.seats().contains(host)) {
        board.veto(unit, host).ifPresent(veto -> evict(unit, host, veto));
        leaving.addAll(unit.followers());
      }
    }
  }

  Plan plan(ClusterSnapshot cluster, Optional<Pause> pause) {
    return new Differences(board, evictions, choices).plan(cluster, pause);
  }
}
