package fleet.agent.order;

import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import fleet.cluster.TargetState;
import fleet.cluster.registry.AssignmentText;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of an [OrderBook]: lines of fields between tabs, each of which begins with a unit and a
/// word. Other lines are none of ours.
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

  /// Whether a line is one of an order book.
  public static boolean owns(String line) {
    String[] fields = line.split("\t", 3);
    return fields.length == 3 && WORDS.contains(fields[1]);
  }

  static String of(SortedMap<UnitName.Placeable, Page> pages) {
    var text = new StringBuilder();
    pages.forEach(
        (unit, page) -> {
          if (page.inherited) {
            return;
          }
          Order newest = page.newest;
          line(text, unit, NEWEST, newest == null ? List.of(NOBODY) : fields(newest));
          Hand hand = page.hand;
          if (hand != null) {
            var fields = new ArrayList<>(fields(hand.order));
            fields.add(hand.acted ? "acted" : "given");
            fields.addAll(hand.before == null ? List.of() : fields(hand.before));
            line(text, unit, HAND, fields);
          }
          for (Outcome outcome : page.outcomes) {
            var fields = new ArrayList<>(fields(outcome.order()));
            fields.add(outcome.result().text());
            fields.add(outcome.words());
            fields.addAll(fields(outcome.before()));
            fields.addAll(fields(outcome.after()));
            line(text, unit, OUTCOME, fields);
          }
          page.lacks.forEach(need -> line(text, unit, LACKS, List.of(need.text())));
          UnitFile back = page.back;
          if (back != null) {
            var runs = new Assignment(unit, back, TargetState.LAUNCHED, 0);
            line(text, unit, BACK, List.of(AssignmentText.of(runs)));
          }
        });
    return text.toString();
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

  private static List<String> fields(@Nullable Seen seen) {
    return seen == null
        ? List.of()
        : List.of(seen.active(), seen.sub(), seen.result(), seen.invocation());
  }

  /// @return a sentence for each line that cannot be understood
  static List<String> read(String text, Map<UnitName.Placeable, Page> pages) {
    var problems = new ArrayList<String>();
    text.lines()
        .filter(OrderText::owns)
        .forEach(
            line -> {
              if (!read(List.of(line.split("\t", -1)), pages)) {
                problems.add(
                    "expected what became of an order, found \""
                        + (line.length() <= 40 ? line : line.substring(0, 40) + "…")
                        + "\"");
              }
            });
    return problems;
  }

  /// @return whether it could be understood
  private static boolean read(List<String> line, Map<UnitName.Placeable, Page> pages) {
    if (!(UnitName.parse(line.get(0)) instanceof Ok<UnitName>(UnitName.Placeable unit))) {
      return false;
    }
    Page page = pages.computeIfAbsent(unit, _ -> new Page());
    List<String> fields = line.subList(2, line.size());
    Optional<Order> order = order(fields);
    return switch (line.get(1)) {
      case NEWEST -> {
        order.ifPresent(newest -> page.newest = newest);
        yield order.isPresent() || fields.equals(List.of(NOBODY));
      }
      case HAND -> {
        order.ifPresent(given -> page.hand = hand(given, fields.subList(3, fields.size())));
        yield order.isPresent();
      }
      case OUTCOME -> {
        Optional<Result> result = fields.size() == 13 ? Result.of(fields.get(3)) : Optional.empty();
        if (order.isEmpty() || result.isEmpty()) {
          yield false;
        }
        page.outcomes.add(
            new Outcome(
                order.get(), result.get(), fields.get(4), seen(fields, 5), seen(fields, 9)));
        yield true;
      }
      case BACK -> {
        if (AssignmentText.parse(unit, fields.getFirst()) instanceof Ok<Assignment>(var runs)) {
          page.back = runs.file();
          yield true;
        }
        yield false;
      }
      default -> {
        if (UnitName.parse(fields.getFirst()) instanceof Ok<UnitName>(UnitName.Placeable need)) {
          page.lacks.add(need);
          yield true;
        }
        yield false;
      }
    };
  }

  private static Hand hand(Order order, List<String> rest) {
    var hand = new Hand(order);
    hand.acted = !rest.isEmpty() && rest.getFirst().equals("acted");
    hand.before = rest.size() == 5 ? seen(rest, 1) : null;
    return hand;
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
