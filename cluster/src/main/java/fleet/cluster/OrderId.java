package fleet.cluster;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.regex.Pattern;

/// Names one order for all time. Whoever gives an order makes its name, and gives it again under
/// that name if the answer was lost: it is then the same order.
public record OrderId(String text) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /// The name that a client sent, or why it is none.
  public static Parsed<OrderId> parse(String text) {
    return NAME.matcher(text).matches()
        ? new Ok<>(new OrderId(text))
        : new Malformed<>(
            "expected 1 to 64 letters, digits, dots, underscores or dashes as the name of an"
                + " order");
  }

  @Override
  public String toString() {
    return text;
  }
}
