package fleet.unit.requirements;

import fleet.unit.Disconnect;
import fleet.unit.FleetOption;
import fleet.unit.UnitText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Reads what a `[X-Fleet]` section asks for (fleet 1.0 `job/job.go`).
final class RequirementsReader {

  private static final List<String> TRUE = List.of("true", "yes", "1", "on", "t");
  private static final List<String> FALSE = List.of("false", "no", "0", "off", "f");

  private RequirementsReader() {}

  static Requirements read(FleetSection section) {
    if (section.items().isEmpty()) {
      return Requirements.NONE;
    }
    return new Requirements(
        machineId(section),
        new TreeSet<>(section.all(FleetOption.MACHINE_OF)),
        metadata(section),
        globs(conflicts(section)),
        globs(section.all(FleetOption.REPLACES)),
        isTrue(section, FleetOption.GLOBAL),
        last(section, FleetOption.DISCONNECT).flatMap(Disconnect::of).orElse(Disconnect.KEEP),
        isTrue(section, FleetOption.EXCLUSIVE),
        failureLimit(section));
  }

  /// The first value, in the newest spelling that is there. A boot ID is compared with machine IDs,
  /// as in fleet 1.0, and so fits none.
  private static Optional<String> machineId(FleetSection section) {
    List<String> values = section.all(FleetOption.MACHINE_ID);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  private static SortedMap<String, SortedSet<String>> metadata(FleetSection section) {
    var metadata = new TreeMap<String, SortedSet<String>>();
    for (String item : section.all(FleetOption.MACHINE_METADATA)) {
      if (isPair(item)) {
        String[] pair = item.split("=");
        metadata.computeIfAbsent(pair[0], k -> new TreeSet<>()).add(pair[1]);
      }
    }
    return metadata;
  }

  /// Whether the item is `key=value`: something, the only equals sign, something.
  static boolean isPair(String item) {
    int equals = item.indexOf('=');
    return equals > 0 && equals == item.lastIndexOf('=') && equals < item.length() - 1;
  }

  /// Alone among the options, conflicts are divided by white space even where nothing is quoted.
  private static List<String> conflicts(FleetSection section) {
    var words = new ArrayList<String>();
    section.all(FleetOption.CONFLICTS).forEach(item -> words.addAll(UnitText.words(item)));
    return words;
  }

  private static SortedSet<Glob> globs(List<String> items) {
    var globs = new TreeSet<Glob>();
    items.forEach(item -> globs.add(new Glob(item)));
    return globs;
  }

  static boolean isTrue(FleetSection section, FleetOption option) {
    return last(section, option).filter(RequirementsReader::isTrue).isPresent();
  }

  private static boolean isTrue(String value) {
    return TRUE.contains(value.toLowerCase(Locale.ROOT));
  }

  /// Whether the value says yes or no.
  static boolean isBoolean(String value) {
    return isTrue(value) || FALSE.contains(value.toLowerCase(Locale.ROOT));
  }

  /// The last value wins.
  static Optional<String> last(FleetSection section, FleetOption option) {
    List<String> values = section.all(option);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  /// The last value wins. One that is none leaves failures to systemd.
  private static OptionalInt failureLimit(FleetSection section) {
    return last(section, FleetOption.FAILURE_LIMIT).stream()
        .filter(RequirementsReader::isFailureLimit)
        .mapToInt(Integer::parseInt)
        .findFirst();
  }

  /// Whether it is a whole number from 1 to [Requirements#MOST_FAILURES].
  static boolean isFailureLimit(String value) {
    return value.matches("[1-9][0-9]{0,2}")
        && Integer.parseInt(value) <= Requirements.MOST_FAILURES;
  }
}
