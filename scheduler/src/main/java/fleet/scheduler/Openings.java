package fleet.scheduler;

import fleet.scheduler.Host.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds machines for the units of one [Demand], and asks no machine again that must say no again.
///
/// As long as nobody leaves a machine, and no peer comes to it, a "no" of that machine stays a
/// "no": whoever comes besides can only be one more in the way. So a machine that has said no is
/// left out until the [Board] tells of one of these, and when all have said no, the next unit with
/// that demand costs nothing.
///
/// Most demands are those of few units, which the first machines can take. For them the machines
/// are gone through in their order. Only when some have said no is a queue of one's own worth its
/// price. In it stands each machine with the load that it had when it was put there. Loads grow
/// unseen, so what stands there is the least that it can be, and is put right when its turn comes;
/// a load that shrinks does so because somebody leaves, which is told.
final class Openings {

  /// So many machines may say no before a queue is made.
  private static final int FEW = 16;

  /// A machine that may be open.
  private record Offer(Host host, int load) implements Comparable<Offer> {
    private static final Comparator<Offer> ORDER =
        Comparator.comparingInt(Offer::load).thenComparing(Offer::host);

    static Offer of(Host host) {
      return new Offer(host, host.load());
    }

    boolean isCurrent() {
      return load == host.load();
    }

    @Override
    public int compareTo(Offer other) {
      return ORDER.compare(this, other);
    }
  }

  private final Board board;
  private int refusals;
  private @Nullable Queue<Offer> offers;

  /// How many of the departures and of the arrivals that the board tells of the queue knows.
  private int departures;

  private int arrivals;

  Openings(Board board) {
    this.board = board;
  }

  /// The best machine that can take `unit`, of those that are `wanted`: the one with the fewest
  /// units. The unit may be on a machine that is not wanted.
  Optional<Host> best(Candidate unit, Predicate<Host> wanted) {
    if (refusals <= FEW) {
      for (Host host : board.eligible(unit)) {
        if (wanted.test(host)) {
          if (board.veto(unit, host).isEmpty()) {
            return Optional.of(host);
          }
          if (++refusals > FEW) {
            return bestOffer(unit, wanted);
          }
        }
      }
      return Optional.empty();
    }
    return bestOffer(unit, wanted);
  }

  private Optional<Host> bestOffer(Candidate unit, Predicate<Host> wanted) {
    Queue<Offer> queue = queue(unit);
    List<Offer> passedOver = new ArrayList<>();
    Optional<Host> found = Optional.empty();
    while (found.isEmpty() && !queue.isEmpty()) {
      Offer offer = queue.remove();
      Host host = offer.host();
      if (!offer.isCurrent()) {
        queue.add(Offer.of(host));
      } else if (!wanted.test(host)) {
        passedOver.add(offer);
      } else if (board.veto(unit, host).isEmpty()) {
        passedOver.add(offer);
        found = Optional.of(host);
      }
    }
    queue.addAll(passedOver);
    return found;
  }

  private Queue<Offer> queue(Candidate unit) {
    if (offers == null) {
      offers = new PriorityQueue<>(board.eligible(unit).stream().map(Offer::of).toList());
    } else {
      reopen(offers, board.departures(), departures);
      if (!unit.requirements().machineOf().isEmpty()) {
        reopen(offers, board.arrivals(), arrivals);
      }
    }
    departures = board.departures().size();
    arrivals = board.arrivals().size();
    return offers;
  }

  private static void reopen(Queue<Offer> offers, List<Host> where, int known) {
    where.subList(known, where.size()).stream()
        .filter(host -> host.standing() == Standing.PRESENT)
        .map(Offer::of)
        .forEach(offers::add);
  }
}
