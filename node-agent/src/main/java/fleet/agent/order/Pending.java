package fleet.agent.order;

import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a decision must know of orders.
///
/// @param due orders about which nothing has been done yet, or nobody knows what
/// @param untouched those of them for which no agent has ever asked systemd for anything
/// @param refused units whose newest order systemd would not carry out: they are left as they are
/// @param lacking units that need another that has failed, and has not run since
/// @param tried the texts that systemd could start in place of what runs, as it has said
public record Pending(
    SortedMap<UnitName.Placeable, Order> due,
    SortedSet<UnitName.Placeable> untouched,
    SortedSet<UnitName.Placeable> refused,
    SortedSet<UnitName.Placeable> lacking,
    SortedMap<UnitName.Placeable, UnitHash> tried) {

  /// Nobody has asked for anything.
  public static final Pending NOTHING =
      new Pending(
          new TreeMap<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeMap<>());

  public Pending {
    due = Collections.unmodifiableSortedMap(new TreeMap<>(due));
    untouched = Collections.unmodifiableSortedSet(new TreeSet<>(untouched));
    refused = Collections.unmodifiableSortedSet(new TreeSet<>(refused));
    lacking = Collections.unmodifiableSortedSet(new TreeSet<>(lacking));
    tried = Collections.unmodifiableSortedMap(new TreeMap<>(tried));
  }

  /// @param orders of all units of which any are known
  public static Pending of(SortedMap<UnitName.Placeable, OrderHistory> orders) {
    var due = new TreeMap<UnitName.Placeable, Order>();
    var untouched = new TreeSet<UnitName.Placeable>();
    var refused = new TreeSet<UnitName.Placeable>();
    var lacking = new TreeSet<UnitName.Placeable>();
    var tried = new TreeMap<UnitName.Placeable, UnitHash>();
    orders.forEach(
        (unit, known) -> {
          known.due().ifPresent(held -> due.put(unit, held.order()));
          if (known.due().filter(held -> !held.acted()).isPresent()) {
            untouched.add(unit);
          }
          if (known.refusal().isPresent()) {
            refused.add(unit);
          }
          if (!known.lacks().isEmpty()) {
            lacking.add(unit);
          }
          known.tried().ifPresent(text -> tried.put(unit, text));
        });
    return new Pending(due, untouched, refused, lacking, tried);
  }

  /// Whether nothing has been done yet about the order of an assignment.
  public boolean isDue(Assignment assignment) {
    return Optional.ofNullable(due.get(assignment.unit()))
        .filter(order -> assignment.order().equals(Optional.of(order)))
        .isPresent();
  }

  /// Whether nothing has been done yet about the order of an assignment, which is of that kind.
  public boolean isDue(Assignment assignment, Order.Kind kind) {
    return isDue(assignment)
        && assignment.order().filter(order -> order.kind() == kind).isPresent();
  }

  /// Whether nothing has ever been asked of systemd for the order of an assignment.
  public boolean isUntouched(Assignment assignment) {
    return isDue(assignment) && untouched.contains(assignment.unit());
  }

  /// Whether systemd has said that it could start the text of an assignment.
  public boolean isTried(Assignment assignment) {
    return assignment.file().hash().equals(tried.get(assignment.unit()));
  }
}
