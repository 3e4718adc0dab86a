package fleet.agent.order;

import fleet.agent.order.Hand.Verdict;
import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What users have asked of the units of a machine, and what became of it.
///
/// An order is *due* when it comes, and *in hand* until its outcome is known. Whoever asks systemd
/// for something on its behalf notes that here before, and what systemd has answered after that. An
/// outcome is told when the unit has been looked at since, so that it says what the unit is then.
/// What did not come to run stays in hand: it is tried again, and comes to another outcome if that
/// succeeds.
///
/// For the loop that owns the records of units. All times are by
/// [fleet.cluster.env.Environment#uptime].
public final class OrderBook {

  /// A process that dies at once has died by then.
  private static final Duration PROOF = Duration.ofMillis(100);

  private final TreeMap<UnitName.Placeable, Page> pages = new TreeMap<>();
  private long changes;

  /// Counts what may have changed here.
  public long changes() {
    return changes;
  }

  /// Takes what is assigned now, in place of what was. A unit that is neither assigned nor
  /// installed is forgotten.
  ///
  /// @param installed what the agent has here
  /// @param current whether that is what the store says
  public void assigned(
      Collection<Assignment> assignments,
      SortedSet<UnitName.Placeable> installed,
      boolean current) {
    changes++;
    var known = new TreeSet<>(installed);
    var wanted = new TreeSet<UnitName.Placeable>();
    for (Assignment assignment : assignments) {
      wanted.add(assignment.unit());
      known.add(assignment.unit());
      Page page = page(assignment.unit());
      assignment.order().ifPresent(page::take);
      page.inherited &= !current;
    }
    pages.keySet().retainAll(known);
    pages.forEach(
        (unit, page) -> {
          if (!wanted.contains(unit)) {
            page.back = null; // it goes as a whole
          }
        });
  }

  private Page page(UnitName.Placeable unit) {
    return pages.computeIfAbsent(unit, _ -> new Page());
  }

  /// Something else is wanted of a unit than before: what kept it from starting may not, now.
  public void reconsider(UnitName.Placeable unit) {
    changes++;
    page(unit).lacks.clear();
    page(unit).tried = null;
  }

  /// What a decision must know.
  public Pending pending() {
    var due = new TreeMap<UnitName.Placeable, Order>();
    var untouched = new TreeSet<UnitName.Placeable>();
    var refused = new TreeSet<UnitName.Placeable>();
    var lacking = new TreeSet<UnitName.Placeable>();
    var tried = new TreeMap<UnitName.Placeable, UnitHash>();
    pages.forEach(
        (unit, page) -> {
          Hand hand = page.hand;
          if (hand != null && hand.due) {
            due.put(unit, hand.order);
            if (!hand.acted) {
              untouched.add(unit);
            }
          }
          if (page.refusal().isPresent()) {
            refused.add(unit);
          }
          if (!page.lacks.isEmpty()) {
            lacking.add(unit);
          }
          UnitHash text = page.tried;
          if (text != null) {
            tried.put(unit, text);
          }
        });
    return new Pending(due, untouched, refused, lacking, tried);
  }

  /// Something is about to be asked of systemd for an order.
  public void acting(UnitName.Placeable unit, Optional<Order> order) {
    with(
        unit,
        order,
        hand -> {
          hand.acted = true;
          hand.due = false;
          hand.verdict = null;
        });
  }

  /// Nobody knows what systemd has done: what was asked for is to be decided anew.
  public void inDoubt(UnitName.Placeable unit, Optional<Order> order) {
    with(unit, order, hand -> hand.due = true);
  }

  /// systemd has started the unit, or has it start.
  ///
  /// @param at when it has said so
  public void started(UnitName.Placeable unit, Optional<Order> order, Duration at) {
    Duration from = at.plus(PROOF);
    with(unit, order, hand -> hand.verdict = new Verdict(Optional.empty(), "", from, true));
  }

  /// The unit's state says what became of the order.
  ///
  /// @param from when
  public void settled(UnitName.Placeable unit, Optional<Order> order, Duration from) {
    with(
        unit,
        order,
        hand -> {
          hand.due = false;
          hand.verdict = new Verdict(Optional.empty(), "", from, true);
        });
  }

  /// The unit is as it should be, and nothing is known of the order, as an agent has found it that
  /// knew of none: the unit's state says what can be said.
  public void inherit(UnitName.Placeable unit, Optional<Order> order) {
    with(
        unit,
        order,
        hand -> {
          if (!hand.due && !hand.acted && hand.verdict == null) {
            hand.verdict = new Verdict(Optional.empty(), "", Duration.ZERO, true);
          }
        });
  }

  /// Takes what became of the order. It is told when the unit has been looked at once more.
  ///
  /// @param from when
  public void ended(
      UnitName.Placeable unit, Optional<Order> order, Result result, String words, Duration from) {
    with(
        unit,
        order,
        hand -> {
          hand.due = false;
          boolean triedAgain =
              result == Result.NOT_STARTED
                  || (result == Result.FAILED && hand.order.kind() == Order.Kind.START);
          hand.verdict = new Verdict(Optional.of(result), words, from, !triedAgain);
        });
  }

  private void with(UnitName.Placeable unit, Optional<Order> order, Consumer<Hand> what) {
    Page page = pages.get(unit);
    if (page != null) {
      page.hand(order)
          .ifPresent(
              hand -> {
                changes++;
                what.accept(hand);
              });
    }
  }

  /// The unit could not be started since others have failed that it needs.
  public void lacks(UnitName.Placeable unit, SortedSet<UnitName.Placeable> others) {
    changes++;
    Page page = page(unit);
    page.lacks.clear();
    page.lacks.addAll(others);
  }

  /// Other texts of units are about to be put in place of those, only for systemd to read them.
  public void trying(SortedMap<UnitName.Placeable, UnitFile> before) {
    changes++;
    before.forEach((unit, file) -> page(unit).back = file);
  }

  /// The texts that must be put back, since they are what runs.
  public SortedMap<UnitName.Placeable, UnitFile> toPutBack() {
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    pages.forEach(
        (unit, page) -> {
          UnitFile back = page.back;
          if (back != null) {
            files.put(unit, back);
          }
        });
    return files;
  }

  /// The text of the unit that runs is in its place.
  public void putBack(UnitName.Placeable unit) {
    changes++;
    page(unit).back = null;
  }

  /// systemd could start that text of a unit in place of what runs.
  public void couldStart(UnitName.Placeable unit, UnitHash text) {
    changes++;
    page(unit).tried = text;
  }

  /// Units have been looked at.
  ///
  /// @param began when
  public void seen(SortedMap<UnitName.Placeable, LocalUnit> observed, Duration began) {
    pages.forEach(
        (unit, page) -> {
          LocalUnit seen = observed.get(unit);
          if (seen != null && page.seen(seen, began)) {
            changes++;
          }
          // While one of them has failed, a start would only run that again.
          if (!page.lacks.isEmpty() && page.lacks.removeIf(need -> !hasFailed(need, observed))) {
            changes++;
          }
        });
  }

  private static boolean hasFailed(
      UnitName.Placeable unit, SortedMap<UnitName.Placeable, LocalUnit> observed) {
    LocalUnit seen = observed.get(unit);
    return seen != null && seen.active().equals("failed");
  }

  /// The unit is gone from the machine.
  public void removed(UnitName.Placeable unit) {
    changes++;
    pages.remove(unit);
  }

  /// What became of the last few orders of a unit.
  public List<Outcome> outcomes(UnitName.Placeable unit) {
    Page page = pages.get(unit);
    return page == null ? List.of() : List.copyOf(page.outcomes);
  }

  /// Why systemd would not carry out the newest orders of units, of those whose it would not.
  public SortedMap<UnitName.Placeable, String> refusals() {
    var refusals = new TreeMap<UnitName.Placeable, String>();
    pages.forEach((unit, page) -> page.refusal().ifPresent(words -> refusals.put(unit, words)));
    return refusals;
  }

  /// How long until a unit is to be looked at for an order; empty if none is.
  public Optional<Duration> untilNext(Duration now) {
    return pages.values().stream()
        .flatMap(page -> Optional.ofNullable(page.hand).stream())
        .flatMap(hand -> Optional.ofNullable(hand.verdict).stream())
        .map(verdict -> verdict.from().minus(now))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }

  /// Whether nothing is in hand.
  public boolean calm() {
    return pages.values().stream()
        .allMatch(page -> page.hand == null && page.lacks.isEmpty() && page.back == null);
  }

  /// The text of it, for the agent after this one.
  public String text() {
    return OrderText.of(pages);
  }

  /// Takes what the agent before this one has noted.
  ///
  /// @param carriedOut the units that had been brought as far as that agent was told
  /// @param installed what it had here
  /// @param stale whether it could not note what it did last
  /// @return a sentence for each line that cannot be understood
  public List<String> remember(
      String text,
      SortedSet<UnitName.Placeable> carriedOut,
      SortedSet<UnitName.Placeable> installed,
      boolean stale) {
    changes++;
    List<String> problems = OrderText.read(text, pages);
    for (UnitName.Placeable unit : installed) {
      if (!pages.containsKey(unit) || stale) {
        page(unit).inherited = true;
      }
    }
    pages.forEach(
        (unit, page) -> {
          Hand hand = page.hand;
          if (hand != null && hand.acted && carriedOut.contains(unit)) {
            hand.due = false;
            hand.verdict = new Verdict(Optional.empty(), "", Duration.ZERO, true);
          }
        });
    return problems;
  }
}
