package fleet.agent.disk;

import fleet.agent.order.OrderHistory;
import fleet.agent.order.OrderInHand;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import fleet.cluster.TargetState;
import fleet.cluster.registry.AssignmentText;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The text of what is known of orders ([OrderHistory]): lines of fields between tabs, each of
/// which begins with a unit and a word. Other lines are none of ours.
public final class OrderText {

  private static final String NEWEST = "orders";
  private static final String HAND = "in-hand";
  private static final String OUTCOME = "outcome";
  private static final String LACKS = "lacks";
  private static final String BACK = "put-back";
  private static final List<String> WORDS = List.of(NEWEST, HAND, OUTCOME, LACKS, BACK);

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final String NOBODY = "-";

  private OrderText() {}

  /// Whether a line tells of orders.
  public static boolean owns(String line) {
    String[] fields = line.split("\t", 3);
    return fields.length == 3 && WORDS.contains(fields[1]);
  }

  /// @param orders of all units of which any are known
  public static String of(SortedMap<UnitName.Placeable, OrderHistory> orders) {
    var text = new StringBuilder();
    orders.forEach(
        (unit, known) -> {
          if (!known.inherited()) {
            append(text, unit, known);
          }
        });
    return text.toString();
  }

  private static void append(StringBuilder text, UnitName.Placeable unit, OrderHistory known) {
    line(text, unit, NEWEST, known.newest().map(OrderText::fields).orElse(List.of(NOBODY)));
    known
        .inHand()
        .ifPresent(
            held -> {
              var fields = new ArrayList<>(fields(held.order()));
              fields.add(held.acted() ? "acted" : "given");
              held.before().ifPresent(before -> fields.addAll(fields(before)));
              line(text, unit, HAND, fields);
            });
    for (Outcome outcome : known.outcomes()) {
      var fields = new ArrayList<>(fields(outcome.order()));
      fields.add(outcome.result().text());
      fields.add(outcome.words());
      fields.addAll(fields(outcome.before()));
      fields.addAll(fields(outcome.after()));
      line(text, unit, OUTCOME, fields);
    }
    known.lacks().forEach(need -> line(text, unit, LACKS, List.of(need.text())));
    known
        .back()
        .map(file -> new Assignment(unit, file, TargetState.LAUNCHED, 0))
        .ifPresent(runs -> line(text, unit, BACK, List.of(AssignmentText.of(runs))));
  }

  private static void line(
      StringBuilder text, UnitName.Placeable unit, String word, List<String> fields) {
    text.append(unit).append('\t').append(word);
    fields.forEach(
        field -> text.append('\t').append(CONTROL.matcher(field).replaceAll(" ").strip()));
    text.append('\n');
  }

  private static List<String> fields(Order order) {
    return List.of(Long.toString(order.number()), order.id().text(), order.kind().text());
  }

  private static List<String> fields(Seen seen) {
    return List.of(seen.active(), seen.sub(), seen.result(), seen.invocation());
  }

  /// What a text says.
  ///
  /// @param problems a sentence for each line that cannot be understood
  public record Read(SortedMap<UnitName.Placeable, OrderHistory> orders, List<String> problems) {

    public Read {
      orders = Collections.unmodifiableSortedMap(new TreeMap<>(orders));
      problems = List.copyOf(problems);
    }
  }

  public static Read read(String text) {
    var orders = new TreeMap<UnitName.Placeable, OrderHistory>();
    var problems = new ArrayList<String>();
    text.lines()
        .filter(OrderText::owns)
        .forEach(
            line -> {
              if (!read(List.of(line.split("\t", -1)), orders)) {
                problems.add(
                    "expected what became of an order, found \""
                        + (line.length() <= 40 ? line : line.substring(0, 40) + "…")
                        + "\"");
              }
            });
    return new Read(orders, problems);
  }

  /// @return whether it could be understood
  private static boolean read(List<String> line, Map<UnitName.Placeable, OrderHistory> orders) {
    if (!(UnitName.parse(line.get(0)) instanceof Ok<UnitName>(UnitName.Placeable unit))) {
      return false;
    }
    OrderHistory before = orders.getOrDefault(unit, OrderHistory.NONE);
    var read = read(unit, line.get(1), line.subList(2, line.size()), before);
    orders.put(unit, read.orElse(before));
    return read.isPresent();
  }

  /// @return empty if it could not be understood
  private static Optional<OrderHistory> read(
      UnitName.Placeable unit, String word, List<String> fields, OrderHistory before) {
    Optional<Order> order = order(fields);
    return switch (word) {
      case NEWEST ->
          fields.equals(List.of(NOBODY))
              ? Optional.of(before)
              : order.map(_ -> before.noted(order));
      case HAND -> order.map(given -> before.noted(hand(given, fields.subList(3, fields.size()))));
      case OUTCOME -> order.flatMap(given -> outcome(given, fields)).map(before::noted);
      case BACK ->
          AssignmentText.parse(unit, fields.getFirst()) instanceof Ok<Assignment>(var runs)
              ? Optional.of(before.trying(runs.file()))
              : Optional.empty();
      default ->
          UnitName.parse(fields.getFirst()) instanceof Ok<UnitName>(UnitName.Placeable need)
              ? Optional.of(before.lackingAlso(need))
              : Optional.empty();
    };
  }

  private static OrderInHand hand(Order order, List<String> rest) {
    return new OrderInHand(
        order,
        rest.size() == 5 ? Optional.of(seen(rest, 1)) : Optional.empty(),
        !rest.isEmpty() && rest.getFirst().equals("acted"),
        true,
        Optional.empty());
  }

  private static Optional<Outcome> outcome(Order order, List<String> fields) {
    return fields.size() == 13
        ? Result.of(fields.get(3))
            .map(
                result ->
                    new Outcome(order, result, fields.get(4), seen(fields, 5), seen(fields, 9)))
        : Optional.empty();
  }

  private static Seen seen(List<String> fields, int from) {
    return new Seen(
        fields.get(from), fields.get(from + 1), fields.get(from + 2), fields.get(from + 3));
  }

  private static Optional<Order> order(List<String> fields) {
    if (fields.size() < 3
        || !NUMBER.matcher(fields.get(0)).matches()
        || !(OrderId.parse(fields.get(1)) instanceof Ok<OrderId>(var id))) {
      return Optional.empty();
    }
    return Order.Kind.of(fields.get(2))
        .map(kind -> new Order(Long.parseLong(fields.get(0)), id, kind));
  }
}
