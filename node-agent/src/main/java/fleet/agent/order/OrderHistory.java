package fleet.agent.order;

import fleet.agent.order.OrderInHand.Answer;
import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What users have asked of one unit, and what became of it.
///
/// An order is *due* when it comes, and *in hand* until its outcome is known. Whoever asks systemd
/// for something on its behalf notes that here before, and what systemd has answered after that. An
/// outcome is told when the unit has been looked at since, so that it says what the unit is then.
/// What did not come to run stays in hand: it is tried again, and comes to another outcome if that
/// succeeds.
///
/// All times are by [fleet.cluster.env.Environment#uptime].
///
/// @param newest the newest order that has come; empty if none has
/// @param inherited whether the agent before this one has left no word of orders: it knew none, or
///     could not note what it did. The order that is found then counts as carried out, as far as
///     the unit is as it should be.
/// @param inHand the newest order, until it is known what became of it
/// @param outcomes what became of the last few
/// @param lacks units that this one needs and that have failed
/// @param tried the text of which systemd has said that it could start it; empty if it was not
///     asked
/// @param back the text that runs, while another has its place for systemd to read it; else empty
/// @param last what the unit was when it was last looked at; nothing before the first look
public record OrderHistory(
    Optional<Order> newest,
    boolean inherited,
    Optional<OrderInHand> inHand,
    List<Outcome> outcomes,
    SortedSet<UnitName.Placeable> lacks,
    Optional<UnitHash> tried,
    Optional<UnitFile> back,
    Seen last) {

  /// So many outcomes are told.
  private static final int MOST = 4;

  /// A process that dies at once has died by then.
  private static final Duration PROOF = Duration.ofMillis(100);

  /// Nobody has asked for anything.
  public static final OrderHistory NONE =
      new OrderHistory(
          Optional.empty(),
          false,
          Optional.empty(),
          List.of(),
          new TreeSet<>(),
          Optional.empty(),
          Optional.empty(),
          Seen.NOTHING);

  public OrderHistory {
    outcomes = List.copyOf(outcomes);
    lacks = Collections.unmodifiableSortedSet(new TreeSet<>(lacks));
  }

  // What was noted by the agent before this one.

  /// That was the newest order.
  public OrderHistory noted(Optional<Order> order) {
    return new OrderHistory(order, inherited, inHand, outcomes, lacks, tried, back, last);
  }

  /// That order was in hand.
  public OrderHistory noted(OrderInHand held) {
    return inHand(Optional.of(held));
  }

  /// That became of an order, after what is known already.
  public OrderHistory noted(Outcome outcome) {
    var all = new ArrayList<>(outcomes);
    all.add(outcome);
    return concluded(inHand, all);
  }

  /// The unit needs that one, too, which had failed.
  public OrderHistory lackingAlso(UnitName.Placeable need) {
    var all = new TreeSet<>(lacks);
    all.add(need);
    return lacking(all);
  }

  // What is told.

  /// The unit is assigned.
  ///
  /// @param current whether that is what the store says
  public OrderHistory assigned(Assignment assignment, boolean current) {
    OrderHistory next = assignment.order().map(this::take).orElse(this);
    return current ? next.inherited(false) : next;
  }

  private OrderHistory take(Order order) {
    if (newest.equals(Optional.of(order)) || isOld(order)) {
      return this;
    }
    var told = inHand.filter(before -> !isTold(before.order())).map(this::superseded);
    return new OrderHistory(
        Optional.of(order),
        inherited,
        Optional.of(OrderInHand.given(order, !inherited)),
        told.orElse(outcomes),
        new TreeSet<>(),
        Optional.empty(),
        back,
        last);
  }

  /// A unit that was destroyed and made anew counts its orders from one again; so an order of a
  /// lower number is old only if it is known.
  private boolean isOld(Order order) {
    return newest.filter(known -> order.number() < known.number()).isPresent() && isTold(order);
  }

  private boolean isTold(Order order) {
    return outcomes.stream().anyMatch(outcome -> outcome.order().equals(order));
  }

  private List<Outcome> superseded(OrderInHand before) {
    return with(
        before.outcome(Result.SUPERSEDED, "another order came before it was carried out", last));
  }

  /// The outcome of an order is known; or another one than was.
  private List<Outcome> with(Outcome outcome) {
    var all = new ArrayList<>(outcomes);
    all.removeIf(before -> before.order().equals(outcome.order()));
    all.add(outcome);
    return all.subList(Math.max(0, all.size() - MOST), all.size());
  }

  /// The unit is assigned no more: it goes as a whole, whatever text has its place.
  public OrderHistory unassigned() {
    return back(Optional.empty());
  }

  /// Something else is wanted of the unit than before: what kept it from starting may not, now.
  public OrderHistory reconsidered() {
    return lacking(new TreeSet<>()).tried(Optional.empty());
  }

  /// The agent before this one has left no word of orders.
  public OrderHistory asInherited() {
    return inherited(true);
  }

  /// What the agent before this one has asked of systemd has been carried out.
  public OrderHistory carriedOut() {
    return inHand
        .filter(OrderInHand::acted)
        .map(held -> inHand(Optional.of(held.due(false).answered(Answer.BY_STATE))))
        .orElse(this);
  }

  // What is done.

  /// Something is about to be asked of systemd for an order.
  public OrderHistory acting(Optional<Order> order) {
    return with(order, OrderInHand::acting);
  }

  /// Nobody knows what systemd has done: what was asked for is to be decided anew.
  public OrderHistory inDoubt(Optional<Order> order) {
    return with(order, held -> held.due(true));
  }

  /// systemd has started the unit, or has it start.
  ///
  /// @param at when it has said so
  public OrderHistory started(Optional<Order> order, Duration at) {
    return with(order, held -> held.answered(Answer.byState(at.plus(PROOF))));
  }

  /// The unit's state says what became of the order.
  ///
  /// @param from when
  public OrderHistory settled(Optional<Order> order, Duration from) {
    return with(order, held -> held.due(false).answered(Answer.byState(from)));
  }

  /// The unit is as it should be, and nothing is known of the order, as an agent has found it that
  /// knew of none: the unit's state says what can be said.
  public OrderHistory inherit(Optional<Order> order) {
    return with(order, held -> held.isUnknown() ? held.answered(Answer.BY_STATE) : held);
  }

  /// Takes what became of the order. It is told when the unit has been looked at once more.
  ///
  /// @param from when
  public OrderHistory ended(Optional<Order> order, Result result, String words, Duration from) {
    return with(order, held -> held.ended(result, words, from));
  }

  private OrderHistory with(Optional<Order> order, UnaryOperator<OrderInHand> change) {
    return inHand
        .filter(held -> order.equals(Optional.of(held.order())))
        .map(held -> inHand(Optional.of(change.apply(held))))
        .orElse(this);
  }

  /// The unit could not be started since others have failed that it needs.
  public OrderHistory lacking(SortedSet<UnitName.Placeable> others) {
    return new OrderHistory(newest, inherited, inHand, outcomes, others, tried, back, last);
  }

  /// Another text of the unit is about to be put in place of that one, only for systemd to read it.
  public OrderHistory trying(UnitFile before) {
    return back(Optional.of(before));
  }

  /// The text of the unit that runs is in its place.
  public OrderHistory isPutBack() {
    return back(Optional.empty());
  }

  /// systemd could start that text of the unit in place of what runs.
  public OrderHistory couldStart(UnitHash text) {
    return tried(Optional.of(text));
  }

  // What is seen.

  /// Units have been looked at.
  ///
  /// @param unit what there is of this one; empty if nothing is known of it
  /// @param began when the look did
  public OrderHistory seen(
      Optional<LocalUnit> unit, SortedMap<UnitName.Placeable, LocalUnit> others, Duration began) {
    return unit.map(local -> seen(local, began)).orElse(this).lackingStill(others);
  }

  private OrderHistory seen(LocalUnit unit, Duration began) {
    Seen now = OrderInHand.seen(unit);
    OrderHistory next = last.equals(now) ? this : last(now);
    if (inHand.isEmpty()) {
      return next;
    }
    OrderInHand held = inHand.get().foundAs(now);
    Optional<Outcome> outcome = held.conclude(unit, began);
    if (outcome.isEmpty()) {
      return next.inHand(Optional.of(held));
    }
    return next.concluded(
        held.isLast() ? Optional.empty() : Optional.of(held.told()), with(outcome.get()));
  }

  private OrderHistory concluded(Optional<OrderInHand> held, List<Outcome> told) {
    return new OrderHistory(newest, inherited, held, told, lacks, tried, back, last);
  }

  /// While one of them has failed, a start would only run that again.
  private OrderHistory lackingStill(SortedMap<UnitName.Placeable, LocalUnit> observed) {
    if (lacks.isEmpty()) {
      return this;
    }
    var still = new TreeSet<>(lacks);
    still.removeIf(need -> !hasFailed(observed.get(need)));
    return lacking(still);
  }

  private static boolean hasFailed(@Nullable LocalUnit seen) {
    return seen != null && seen.active().equals("failed");
  }

  /// Whether the two tell the same of orders, whatever the unit was seen to be.
  public boolean tellsTheSameAs(OrderHistory other) {
    return last(Seen.NOTHING).equals(other.last(Seen.NOTHING));
  }

  // What is known.

  /// The order about which nothing has been done yet, or nobody knows what; empty if there is none.
  Optional<OrderInHand> due() {
    return inHand.filter(OrderInHand::due);
  }

  /// Why systemd would not carry out the newest order; empty if it was not refused.
  public Optional<String> refusal() {
    return outcomes.stream()
        .filter(outcome -> newest.equals(Optional.of(outcome.order())))
        .filter(outcome -> outcome.result() == Result.REFUSED)
        .map(Outcome::words)
        .findFirst();
  }

  /// When the unit is to be looked at for its order; empty if it need not be.
  public Optional<Duration> lookAgainAt() {
    return inHand.flatMap(OrderInHand::answer).map(Answer::from);
  }

  private OrderHistory inherited(boolean now) {
    return new OrderHistory(newest, now, inHand, outcomes, lacks, tried, back, last);
  }

  private OrderHistory inHand(Optional<OrderInHand> now) {
    return new OrderHistory(newest, inherited, now, outcomes, lacks, tried, back, last);
  }

  private OrderHistory tried(Optional<UnitHash> now) {
    return new OrderHistory(newest, inherited, inHand, outcomes, lacks, now, back, last);
  }

  private OrderHistory back(Optional<UnitFile> now) {
    return new OrderHistory(newest, inherited, inHand, outcomes, lacks, tried, now, last);
  }

  private OrderHistory last(Seen now) {
    return new OrderHistory(newest, inherited, inHand, outcomes, lacks, tried, back, now);
  }
}
