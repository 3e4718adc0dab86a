package fleet.cluster;

import fleet.cluster.Order.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What users have asked of one unit: the last few orders, by which one that is given once more is
/// recognized, and for each machine the newest that concerns it.
///
/// @param last the number of the newest order; 0 if there was none
/// @param given the newest last
public record Orders(long last, List<Given> given) {

  /// Nobody has asked for anything.
  public static final Orders NONE = new Orders(0, List.of());

  /// Of so many it is known at least that they were given.
  private static final int KNOWN = 8;

  /// One order.
  ///
  /// @param alone the machine that it is for; empty if it is for all that have the unit
  public record Given(Order order, Optional<MachineId> alone) {
    boolean concerns(MachineId machine) {
      return alone.isEmpty() || alone.get().equals(machine);
    }
  }

  public Orders {
    given = List.copyOf(given);
  }

  /// These and one more, which bears the next number.
  ///
  /// @param alone the machine that it is for; empty if it is for all that have the unit
  public Orders once(OrderId id, Kind kind, Optional<MachineId> alone) {
    var all = new ArrayList<>(given);
    all.add(new Given(new Order(last + 1, id, kind), alone));
    var kept = new ArrayList<Given>();
    for (int i = 0; i < all.size(); i++) {
      if (i >= all.size() - KNOWN || isNewestOfSome(all, i)) {
        kept.add(all.get(i));
      }
    }
    return new Orders(last + 1, kept);
  }

  /// Whether it is the newest order for some machine: none that is newer concerns all machines, or
  /// the one that this is for.
  private static boolean isNewestOfSome(List<Given> all, int index) {
    return all.subList(index + 1, all.size()).stream()
        .noneMatch(
            later -> later.alone().isEmpty() || later.alone().equals(all.get(index).alone()));
  }

  /// The order of that name, if it is one of the last few.
  public Optional<Order> find(OrderId id) {
    return newestFirst().map(Given::order).filter(order -> order.id().equals(id)).findFirst();
  }

  /// The newest order that concerns a machine.
  public Optional<Order> on(MachineId machine) {
    return newestFirst().filter(each -> each.concerns(machine)).map(Given::order).findFirst();
  }

  private Stream<Given> newestFirst() {
    return given.reversed().stream();
  }
}
