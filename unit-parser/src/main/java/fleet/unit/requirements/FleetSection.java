package fleet.unit.requirements;

import fleet.unit.FleetOption;
import fleet.unit.Specifiers;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import fleet.unit.UnitText;
import java.util.ArrayList;
import java.util.Collections;
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

  /// What its [#length()] may be, before and after specifiers are expanded: enough for 60 of the
  /// longest unit names, and little enough to compare each with each.
  static final int LONGEST = 1 << 14;

  FleetSection {
    var lists = new TreeMap<String, List<String>>();
    items.forEach((key, values) -> lists.put(key, List.copyOf(values)));
    items = Collections.unmodifiableSortedMap(lists);
  }

  /// Reads the section as the unit `name` means it. One that is too long to be submitted, and was
  /// put in the store by other means, is read without expanding anything.
  static FleetSection of(UnitName name, UnitFile file) {
    var raw = unexpanded(file);
    return !raw.hasSpecifiers() || raw.length() > LONGEST
        ? raw
        : raw.map(value -> Specifiers.expand(value, name));
  }

  private boolean hasSpecifiers() {
    for (List<String> values : items.values()) {
      for (String value : values) {
        if (value.indexOf('%') >= 0) {
          return true;
        }
      }
    }
    return false;
  }

  /// Reads the section as it stands: what a template says before it is anybody's.
  static FleetSection unexpanded(UnitFile file) {
    var items = new TreeMap<String, List<String>>();
    for (UnitOption option : file.options()) {
      if (option.section().equals("X-Fleet")) {
        items.computeIfAbsent(option.name(), n -> new ArrayList<>()).addAll(split(option));
      }
    }
    return new FleetSection(items);
  }

  private FleetSection map(UnaryOperator<String> change) {
    var changed = new TreeMap<String, List<String>>();
    items.forEach((key, values) -> changed.put(key, values.stream().map(change).toList()));
    return new FleetSection(changed);
  }

  /// The items of an option. In a value of several lines any white space divides them, since lines
  /// are indented at will; to fleet 1.0 such a value meant nothing of use.
  private static List<String> split(UnitOption option) {
    String value = option.meaning();
    return option.value().indexOf('\n') < 0 ? split(value) : split(withoutIndentation(value));
  }

  /// The value with a single space for each run of white space outside of quotation marks.
  private static String withoutIndentation(String value) {
    var text = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      quoted ^= c == '"';
      if (quoted || !UnitText.isBlank(c)) {
        text.append(c);
      } else if (!UnitText.isBlank(value.charAt(i - 1))) {
        text.append(' ');
      }
    }
    return text.toString();
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

  /// The items of that option in all its spellings.
  List<String> all(FleetOption option) {
    List<String> all = List.of();
    for (String key : option.spellings()) {
      List<String> more = items.getOrDefault(key, List.of());
      all = all.isEmpty() ? more : Stream.concat(all.stream(), more.stream()).toList();
    }
    return all;
  }

  /// How many characters the section has, written with one item a line.
  long length() {
    return items.entrySet().stream()
        .mapToLong(
            option ->
                option.getValue().stream()
                    .mapToLong(item -> option.getKey().length() + 2 + item.length())
                    .sum())
        .sum();
  }
}
