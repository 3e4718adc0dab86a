package fleet.unit;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The options of `[X-Fleet]` as lists of items: lines with several quoted values taken apart
/// (fleet 1.0 `unit/file.go`), then specifiers expanded (`job/job.go`).
///
/// Repeated options add to the same list, in the order of the file.
record FleetSection(SortedMap<String, List<String>> items) {

  static final String NAME = "X-Fleet";

  /// What all values together may have, before and after specifiers are expanded: as many
  /// characters as fit 250 of the longest unit names. It bounds the work of comparing them.
  static final int LONGEST = 1 << 16;

  /// Reads the section as the unit `name` means it. One that is too long to be submitted, and was
  /// put in the store by other means, is read without expanding anything.
  static FleetSection of(UnitName name, UnitFile file) {
    var raw = unexpanded(file);
    return raw.length() > LONGEST ? raw : raw.map(value -> Specifiers.expand(value, name));
  }

  /// Reads the section as it stands: what a template says before it is anybody's.
  static FleetSection unexpanded(UnitFile file) {
    var items = new TreeMap<String, List<String>>();
    for (UnitOption option : file.options()) {
      if (option.section().equals(NAME)) {
        items.computeIfAbsent(option.name(), n -> new ArrayList<>()).addAll(split(option.value()));
      }
    }
    return new FleetSection(items);
  }

  private FleetSection map(UnaryOperator<String> change) {
    var changed = new TreeMap<String, List<String>>();
    items.forEach((key, values) -> changed.put(key, values.stream().map(change).toList()));
    return new FleetSection(changed);
  }

  /// The items of a value. Only one that begins and ends with a quotation mark can have several:
  /// they are what spaces outside of quotation marks divide. Tabs divide nothing, two spaces have
  /// an empty item between them.
  static List<String> split(String value) {
    if (!value.startsWith("\"") || !value.endsWith("\"")) {
      return List.of(value);
    }
    List<String> items = new ArrayList<>();
    var item = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ' ' && !quoted) {
        items.add(item.toString());
        item.setLength(0);
      } else {
        item.append(c);
      }
    }
    items.add(item.toString());
    return items;
  }

  /// The items of all these options: those of the first, then those of the second, and so on.
  Stream<String> all(String... keys) {
    return Stream.of(keys).flatMap(key -> items.getOrDefault(key, List.of()).stream());
  }

  /// The characters of all values together.
  long length() {
    return items.entrySet().stream()
        .mapToLong(
            e -> e.getValue().stream().mapToLong(v -> v.length() + e.getKey().length() + 2L).sum())
        .sum();
  }
}
