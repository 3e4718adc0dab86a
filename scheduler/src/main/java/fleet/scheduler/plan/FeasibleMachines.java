package fleet.scheduler.plan;

import fleet.scheduler.plan.PlannedMachine.Availability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds machines for the units of one [Demand], and asks no machine again that must have a veto
/// again.
///
/// As long as nobody leaves a machine, and no peer comes to it, a machine that has a veto keeps it:
/// whoever comes besides can only be one more in the way. So such a machine is left out until the
/// [Placements] tells of one of these, and when all have a veto, the next unit with that demand
/// costs nothing.
///
/// Most demands are those of few units, which the first machines can take. For them the machines
/// are gone through in their order. Only when some have a veto is a queue of one's own worth its
/// price. The queue keeps the load that a machine had when it was put in. The real load may have
/// grown since; when the machine's turn comes, it is put in again with its real load. A load that
/// shrinks does so because a unit leaves, which is told.
final class FeasibleMachines {

  /// So many machines may have a veto before a queue is made.
  private static final int FEW = 16;

  /// A machine that may be open.
  private record Offer(PlannedMachine machine, int load) implements Comparable<Offer> {
    private static final Comparator<Offer> ORDER =
        Comparator.comparingInt(Offer::load).thenComparing(Offer::machine);

    static Offer of(PlannedMachine machine) {
      return new Offer(machine, machine.load());
    }

    boolean isCurrent() {
      return load == machine.load();
    }

    @Override
    public int compareTo(Offer other) {
      return ORDER.compare(this, other);
    }
  }

  private final Placements placements;
  private int vetoes;
  private @Nullable Queue<Offer> offers;

  /// How many of the departures and of the arrivals that the placements tells of the queue knows.
  private int departures;

  private int arrivals;

  FeasibleMachines(Placements placements) {
    this.placements = placements;
  }

  /// The best machine that can take `unit`, of those that are `wanted`: the one with the fewest
  /// units. The unit may be on a machine that is not wanted.
  Optional<PlannedMachine> best(PlannedUnit unit, Predicate<PlannedMachine> wanted) {
    if (vetoes <= FEW) {
      for (PlannedMachine machine : placements.eligible(unit)) {
        if (wanted.test(machine)) {
          if (placements.veto(unit, machine).isEmpty()) {
            return Optional.of(machine);
          }
          if (++vetoes > FEW) {
            return bestOffer(unit, wanted);
          }
        }
      }
      return Optional.empty();
    }
    return bestOffer(unit, wanted);
  }

  private Optional<PlannedMachine> bestOffer(PlannedUnit unit, Predicate<PlannedMachine> wanted) {
    Queue<Offer> queue = queue(unit);
    List<Offer> passedOver = new ArrayList<>();
    Optional<PlannedMachine> found = Optional.empty();
    while (found.isEmpty() && !queue.isEmpty()) {
      Offer offer = queue.remove();
      PlannedMachine machine = offer.machine();
      if (!offer.isCurrent()) {
        queue.add(Offer.of(machine));
      } else if (!wanted.test(machine)) {
        passedOver.add(offer);
      } else if (placements.veto(unit, machine).isEmpty()) {
        passedOver.add(offer);
        found = Optional.of(machine);
      }
    }
    queue.addAll(passedOver);
    return found;
  }

  private Queue<Offer> queue(PlannedUnit unit) {
    if (offers == null) {
      offers = new PriorityQueue<>(placements.eligible(unit).stream().map(Offer::of).toList());
    } else {
      reopen(offers, placements.departures(), departures);
      if (!unit.requirements().machineOf().isEmpty()) {
        reopen(offers, placements.arrivals(), arrivals);
      }
    }
    departures = placements.departures().size();
    arrivals = placements.arrivals().size();
    return offers;
  }

  private static void reopen(Queue<Offer> offers, List<PlannedMachine> where, int known) {
    where.subList(known, where.size()).stream()
        .filter(machine -> machine.availability() == Availability.PRESENT)
        .map(Offer::of)
        .forEach(offers::add);
  }
}
