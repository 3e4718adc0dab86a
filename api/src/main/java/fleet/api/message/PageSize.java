package fleet.api.message;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.Quoted;
import java.util.List;

/// How many items a client wants in a page: what fleet v1 did not let it say.
///
/// @param items from 1 to 65,535, which is what a [PageToken] has room for
public record PageSize(int items) {

  /// So that no answer takes more than some megabytes of the server's memory.
  private static final int MOST = 10_000;

  /// Reads what a client sent as `pageSize`, of which the first counts. More than the server gives
  /// reads as what it gives.
  ///
  /// @param usual if it sent none
  public static Parsed<PageSize> of(List<String> values, int usual) {
    if (values.isEmpty()) {
      return new Ok<>(new PageSize(usual));
    }
    String text = values.getFirst();
    try {
      int items = Integer.parseInt(text);
      if (items >= 1) {
        return new Ok<>(new PageSize(Math.min(items, Math.max(MOST, usual))));
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    return new Malformed<>(
        "invalid pageSize: expected a number of items, at least 1, found " + Quoted.text(text));
  }
}
