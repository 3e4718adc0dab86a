package fleet.agent.unit;

import fleet.agent.order.OrderHistory;
import fleet.agent.order.RecentRestarts;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.unit.Applied.Underway;
import fleet.agent.unit.Fence.Disturbance;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// All that an agent knows of one unit apart from what can be seen.
///
/// @param assigned what the leader wants of it here; empty if nothing
/// @param illegible why what is assigned cannot be understood; empty if it can
/// @param withheld by which revision the machine was told to be rid of it; empty if it was not
/// @param applied how far it has been brought; empty if it has not been installed
/// @param owner whose what runs was when it was last looked at; empty if fleet has no eye on it
/// @param work its jobs that are under way
/// @param retry the failures of attempts at it; empty if the last one has not failed
/// @param counter how it does, if it has a limit of failures; empty if it has none
/// @param fence what keeps it from running while the machine may count as gone
/// @param orders what users have asked of it; empty if the unit is neither assigned nor installed
/// @param restarts how often systemd has restarted it of late; empty if it has not
public record UnitRecord(
    Optional<Assignment> assigned,
    Optional<String> illegible,
    Optional<Long> withheld,
    Optional<Applied> applied,
    Optional<Ownership> owner,
    Work work,
    Optional<Retry> retry,
    Optional<FailureCounter> counter,
    Fence fence,
    Optional<OrderHistory> orders,
    Optional<RecentRestarts> restarts) {

  /// Nothing is known: such a record need not be kept.
  public static final UnitRecord EMPTY =
      new UnitRecord(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Work.NONE,
          Optional.empty(),
          Optional.empty(),
          Fence.NONE,
          Optional.empty(),
          Optional.empty());

  // What is told.

  /// Something else is assigned than before; or, if empty, nothing any more. It may be tried at
  /// once.
  public UnitRecord assigned(Optional<Assignment> next) {
    var limit = next.filter(Assignment::limitsFailures).map(_ -> FailureCounter.NEW);
    return new UnitRecord(
        next,
        illegible,
        withheld,
        applied,
        owner,
        work,
        Optional.empty(),
        limit,
        fence.assigned(next),
        orders,
        restarts);
  }

  public UnitRecord illegible(Optional<String> why) {
    return new UnitRecord(
        assigned, why, withheld, applied, owner, work, retry, counter, fence, orders, restarts);
  }

  public UnitRecord withheld(Optional<Long> revision) {
    return new UnitRecord(
        assigned, illegible, revision, applied, owner, work, retry, counter, fence, orders,
        restarts);
  }

  /// All orders are known that there are.
  ///
  /// @param next what is assigned; empty if nothing is
  /// @param current whether that is what the store says
  /// @param reconsider whether something else is assigned than before
  public UnitRecord ordered(Optional<Assignment> next, boolean current, boolean reconsider) {
    OrderHistory known = orders.orElse(OrderHistory.NONE);
    OrderHistory before = reconsider ? known.reconsidered() : known;
    if (next.isPresent()) {
      return orders(Optional.of(before.assigned(next.get(), current)));
    }
    return orders(
        orders.isPresent() && applied.isPresent()
            ? Optional.of(before.unassigned())
            : Optional.empty());
  }

  /// Whether the two tell the same, whatever the unit was seen to be.
  public boolean tellsTheSameAs(UnitRecord other) {
    return orders.isPresent()
        && other.orders().isPresent()
        && orders.get().tellsTheSameAs(other.orders().get())
        && orders(other.orders()).equals(other);
  }

  /// Something has become known of its orders. Of a unit that is neither assigned nor installed
  /// nobody wants to know.
  public UnitRecord ordered(UnaryOperator<OrderHistory> change) {
    return orders(orders.map(change));
  }

  public UnitRecord orders(Optional<OrderHistory> now) {
    return new UnitRecord(
        assigned, illegible, withheld, applied, owner, work, retry, counter, fence, now, restarts);
  }

  // What is done.

  /// How far the unit has been brought is known from now on.
  public UnitRecord applied(Optional<Applied> as) {
    return new UnitRecord(
        assigned, illegible, withheld, as, owner, work, retry, counter, fence, orders, restarts);
  }

  /// The unit has come as far as that.
  public UnitRecord reached(Applied as) {
    return applied(Optional.of(as)).forgiven();
  }

  /// The unit, which rests, is about to be removed. If it is assigned again when the next agent
  /// comes, it has not ended by itself, and must be started again.
  public UnitRecord removing() {
    return applied(applied.map(Applied::stopped));
  }

  /// The unit's file is gone.
  public UnitRecord removed() {
    return applied(Optional.empty()).work(work.removed(true)).forgiven().orders(Optional.empty());
  }

  private UnitRecord forgiven() {
    return retry(Optional.empty());
  }

  /// The unit has been looked at: whose what runs is known from now on.
  ///
  /// @param seen empty if nothing is known of it
  /// @param installed whether it was noted, before the look, that fleet has installed it
  public UnitRecord owned(Optional<LocalUnit> seen, boolean installed) {
    return owner(seen.flatMap(found -> Ownership.now(found, owner, installed || work.removed())));
  }

  public UnitRecord owner(Optional<Ownership> now) {
    return new UnitRecord(
        assigned, illegible, withheld, applied, now, work, retry, counter, fence, orders, restarts);
  }

  public UnitRecord work(Work now) {
    return new UnitRecord(
        assigned, illegible, withheld, applied, owner, now, retry, counter, fence, orders,
        restarts);
  }

  /// systemd has read the unit in the text of this assignment. One that was launched in that text
  /// still is.
  public UnitRecord loaded(Assignment assignment) {
    UnitRecord watched =
        owner(owner.or(() -> Optional.of(Ownership.WATCHED))).work(work.removed(false));
    return isLoaded(assignment)
        ? watched
        : watched.applied(Optional.of(Applied.of(assignment, TargetState.LOADED)));
  }

  /// The unit is about to be started.
  ///
  /// @param how START or RESTART
  /// @param before the invocation that the unit is in, or was in last
  /// @param failures how often the lease or a dead man's switch has failed by now
  public UnitRecord starting(Assignment assignment, Underway how, String before, long failures) {
    var as =
        new Applied(
            assignment.file().hash(),
            TargetState.LAUNCHED,
            assignment.generation(),
            how,
            Optional.of(before));
    return new UnitRecord(
        assigned,
        illegible,
        withheld,
        Optional.of(as),
        owner,
        work,
        retry,
        counter.map(FailureCounter::starting),
        fence.up(failures),
        orders,
        restarts);
  }

  /// The unit could not be started.
  public UnitRecord notStarted() {
    return applied(applied.map(Applied::stopped));
  }

  /// systemd would not restart the unit: all is as it was.
  public UnitRecord notRestarted(Applied was) {
    return applied(applied.map(now -> now.underway() == Underway.RESTART ? was : now));
  }

  /// The unit is about to be stopped. A unit that is wanted again by then has not ended by itself,
  /// and must be started again.
  public UnitRecord stopping() {
    return applied(applied.map(Applied::stopping)).work(work.stopping());
  }

  /// The unit has been stopped.
  public UnitRecord stopped() {
    return applied(applied.map(Applied::stopped)).work(work.stopped(true));
  }

  /// A start or restart is under way until [#startEnded].
  public UnitRecord startBegan() {
    return work(work.starting());
  }

  public UnitRecord startEnded() {
    return work(work.startEnded());
  }

  /// A stop is under way until [#stopEnded].
  public UnitRecord stopBegan() {
    return work(work.stopBegan());
  }

  public UnitRecord stopEnded() {
    return work(work.stopEnded());
  }

  // What the lease allows.

  private UnitRecord fence(Fence now) {
    return new UnitRecord(
        assigned, illegible, withheld, applied, owner, work, retry, counter, now, orders, restarts);
  }

  /// The exclusive unit has been looked at.
  ///
  /// @param rests whether it was seen to rest
  /// @param by what has happened to the machine's right to run it
  public UnitRecord fenceSeen(boolean rests, Disturbance by) {
    return fence(rests ? fence.rested() : fence.up(by.before()));
  }

  /// Whether the exclusive unit, which is seen to rest, has been stopped by its switch, or may have
  /// been: it has not ended by itself.
  public boolean isCutDown(Disturbance by) {
    return fence.isCutDown(by);
  }

  /// The unit has been stopped, and not by the agent: what is noted of its start is no longer so.
  public UnitRecord cutDown() {
    return applied(applied.map(was -> was.target() == TargetState.LAUNCHED ? was.starting() : was));
  }

  /// Whether systemd has read the unit in the text of this assignment.
  public boolean isLoaded(Assignment assignment) {
    return applied.filter(present -> present.hash().equals(assignment.file().hash())).isPresent();
  }

  // What fails.

  private UnitRecord retry(Optional<Retry> now) {
    return new UnitRecord(
        assigned, illegible, withheld, applied, owner, work, now, counter, fence, orders, restarts);
  }

  /// How a unit does that has a limit of failures is known from now on.
  public UnitRecord counting(FailureCounter now) {
    return new UnitRecord(
        assigned,
        illegible,
        withheld,
        applied,
        owner,
        work,
        retry,
        Optional.of(now),
        fence,
        orders,
        restarts);
  }

  /// How long to leave the unit alone if an attempt at it fails once more.
  public Duration pause(Duration first, Duration longest) {
    return Retry.pause(retry, first, longest);
  }

  /// An attempt at the unit has failed.
  ///
  /// @param until when it may be tried again
  public UnitRecord failed(String problem, boolean ofStart, Duration until) {
    return retry(Optional.of(Retry.after(retry, until, problem, ofStart)));
  }

  /// What was in the way of its start may have gone.
  public UnitRecord retriedAtOnce(Duration now) {
    return retry(retry.map(last -> last.ofStart() ? last.atOnce(now) : last));
  }

  /// Whether it must not be tried, or started, yet.
  public boolean isDeferred(Duration now) {
    return retry.filter(last -> last.isDeferred(now)).isPresent() || isStartDeferred(now);
  }

  /// Whether it must not be started yet, since it has failed.
  public boolean isStartDeferred(Duration now) {
    return counter.flatMap(FailureCounter::retry).filter(last -> last.isDeferred(now)).isPresent();
  }

  /// Why systemd would not carry out its newest order; empty if it was not refused.
  public Optional<String> refusal() {
    return orders.flatMap(OrderHistory::refusal);
  }

  /// Whether what is wrong with it is that systemd has carried out its last start in vain.
  public boolean isStartFailed() {
    if (illegible.isPresent()) {
      return false;
    }
    if (retry.isPresent()) {
      return retry.get().ofStart();
    }
    return refusal().isEmpty()
        && counter
            .filter(limit -> !limit.down().isEmpty())
            .flatMap(FailureCounter::retry)
            .filter(Retry::ofStart)
            .isPresent();
  }

  /// When something may have to be done about it though nothing has changed.
  public Stream<Duration> attempts() {
    return Stream.concat(
        Stream.concat(retry.stream(), counter.flatMap(FailureCounter::retry).stream())
            .map(Retry::until),
        orders.flatMap(OrderHistory::lookAgainAt).stream());
  }

  /// How often systemd has restarted it, now that it has been looked at.
  ///
  /// @param seen empty if nothing is known of it
  public UnitRecord restarted(Optional<LocalUnit> seen, Duration now) {
    var counted = seen.flatMap(there -> RecentRestarts.seen(restarts, there, now));
    return counted.equals(restarts)
        ? this
        : new UnitRecord(
            assigned, illegible, withheld, applied, owner, work, retry, counter, fence, orders,
            counted);
  }
}
