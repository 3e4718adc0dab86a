package fleet.agent.order;

import fleet.agent.order.Hand.Verdict;
import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Order;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All that is known of the orders of one unit. For one thread at a time.
final class Page {

  /// So many outcomes are told.
  private static final int MOST = 4;

  /// The newest order that has come; null if none has.
  @Nullable Order newest;

  /// Whether the agent before this one has left no word of orders: it knew none, or could not note
  /// what it did. The order that is found then counts as carried out, as far as the unit is as it
  /// should be.
  boolean inherited;

  @Nullable Hand hand;

  final List<Outcome> outcomes = new ArrayList<>();

  /// Units that this one needs and that have failed.
  final TreeSet<UnitName.Placeable> lacks = new TreeSet<>();

  /// The text of which systemd has said that it could start it; null if it was not asked.
  @Nullable UnitHash tried;

  /// The text that runs, while another has its place for systemd to read it; else null.
  @Nullable UnitFile back;

  private @Nullable Seen last;

  /// An order is assigned.
  void take(Order order) {
    if (order.equals(newest) || isOld(order)) {
      return;
    }
    Hand before = hand;
    if (before != null && !isTold(before.order)) {
      add(
          before.outcome(
              Result.SUPERSEDED, "another order came before it was carried out", lastSeen()));
    }
    newest = order;
    hand = new Hand(order);
    hand.due = !inherited;
    lacks.clear();
    tried = null;
  }

  /// A unit that was destroyed and made anew counts its orders from one again; so an order of a
  /// lower number is old only if it is known.
  private boolean isOld(Order order) {
    Order known = newest;
    return known != null && order.number() < known.number() && isTold(order);
  }

  private boolean isTold(Order order) {
    return outcomes.stream().anyMatch(outcome -> outcome.order().equals(order));
  }

  private Seen lastSeen() {
    Seen seen = last;
    return seen == null ? Seen.NOTHING : seen;
  }

  /// The outcome of an order is known; or another one than was.
  private void add(Outcome outcome) {
    outcomes.removeIf(before -> before.order().equals(outcome.order()));
    outcomes.add(outcome);
    while (outcomes.size() > MOST) {
      outcomes.removeFirst();
    }
  }

  /// The order, if it is still in hand.
  Optional<Hand> hand(Optional<Order> order) {
    return Optional.ofNullable(hand).filter(held -> Optional.of(held.order).equals(order));
  }

  /// The unit has been looked at.
  ///
  /// @param began when, by [fleet.cluster.env.Environment#uptime]
  /// @return whether anything is new
  boolean seen(LocalUnit unit, Duration began) {
    last = Hand.seen(unit);
    Hand held = hand;
    if (held == null) {
      return false;
    }
    boolean news = held.before == null;
    if (news) {
      held.before = last;
    }
    Verdict verdict = held.verdict;
    if (verdict == null || verdict.from().compareTo(began) > 0) {
      return news;
    }
    Optional<Outcome> outcome = held.conclude(unit, verdict);
    outcome.ifPresent(
        known -> {
          held.verdict = null;
          add(known);
          if (verdict.last()) {
            hand = null;
          }
        });
    return news || outcome.isPresent();
  }

  /// The words of the refusal, if the newest order was refused; empty if it was not.
  Optional<String> refusal() {
    return outcomes.stream()
        .filter(outcome -> outcome.order().equals(newest))
        .filter(outcome -> outcome.result() == Result.REFUSED)
        .map(Outcome::words)
        .findFirst();
  }
}
