package fleet.api;

import java.util.List;
import java.util.function.Function;

/// A part of a list.
///
/// @param nextPageToken what to ask the next part with; empty if this is the last
public record ListPage<T>(List<T> items, String nextPageToken) {

  private static final String TOKEN = "nextPageToken";

  public ListPage {
    items = List.copyOf(items);
  }

  /// The same part of another list, which has an item for each of this one.
  public <R> ListPage<R> map(Function<? super T, ? extends R> each) {
    return new ListPage<>(items.stream().<R>map(each).toList(), nextPageToken);
  }

  /// What to ask the next page with, if a page says that before all else, as `fleetd` and fleet v1
  /// do for units and their states, so that nobody has to read this page first; empty if not.
  public static String leadingToken(String json) {
    return JsonReader.leadingText(json, TOKEN);
  }

  /// @param name of the list in JSON
  static <T> JsonCodec<ListPage<T>> codec(String name, JsonCodec<T> item) {
    JsonCodec<List<T>> list = JsonValues.list(item);
    return new RecordCodec<>(new ListPage<>(List.of(), "")) {
      @Override
      ListPage<T> pass(Fields fields, ListPage<T> page) {
        return new ListPage<>(
            fields.field(name, list, page.items), fields.text(TOKEN, page.nextPageToken));
      }
    };
  }
}
