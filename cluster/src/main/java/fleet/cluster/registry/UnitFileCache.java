package fleet.cluster.registry;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Unit files by their texts: what the instances of a template share, and a unit and its
/// assignments, is read once and kept once. For any thread.
final class UnitFileCache {

  /// More than there are texts in a large cluster. Beyond it all are forgotten, those that no unit
  /// has any more among them.
  private static final int MOST = 32_768;

  private final Map<String, UnitFile> byText = new ConcurrentHashMap<>();

  /// The file of that text, or why it is none.
  Parsed<UnitFile> parse(String text) {
    UnitFile known = byText.get(text);
    if (known != null) {
      return new Ok<>(known);
    }
    Parsed<UnitFile> parsed = UnitFile.parse(text);
    switch (parsed) {
      case Ok<UnitFile>(var file) -> {
        if (byText.size() >= MOST) {
          byText.clear();
        }
        byText.put(text, file);
      }
      case Malformed<UnitFile> _ -> {}
    }
    return parsed;
  }

  /// Forgets all.
  void clear() {
    byText.clear();
  }
}
