package fleet.store.embedded;

import java.util.List;

/// A range at a revision.
///
/// @param items in order of key; no more than were asked for
/// @param count how many there are in all
public record Slice(long revision, List<Item> items, long count) {
  public Slice {
    items = List.copyOf(items);
  }
}
