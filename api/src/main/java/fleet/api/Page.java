package fleet.api;

import java.util.List;

/// A part of a list.
///
/// @param nextPageToken what to ask the next part with; empty if this is the last
public record Page<T>(List<T> items, String nextPageToken) {

  public Page {
    items = List.copyOf(items);
  }
}
