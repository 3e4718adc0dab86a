package fleet.agent.dbus;

import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.UInt32;

/// One unit in one of systemd's lists.
///
/// @param name the unit's own, also where an alias of it was asked for
/// @param job the kind of job that it has; empty if none
record UnitRow(String name, String load, String active, String sub, String path, String job) {

  /// With fewer names systemd picks out the units, with more it is cheaper to be told of all.
  private static final int FEW = 32;

  /// @param fields as org.freedesktop.systemd1(5) has them, `ListUnits()`
  private static UnitRow of(Object fields) {
    Object[] row = (Object[]) fields;
    return new UnitRow(
        (String) row[0],
        (String) row[2],
        (String) row[3],
        (String) row[4],
        ((DBusPath) row[6]).getPath(),
        ((UInt32) row[7]).longValue() == 0 ? "" : (String) row[8]);
  }

  /// In the words that systemd has for a file that it fails to read.
  private static UnitRow unreadable(String name) {
    return new UnitRow(name, "error", "inactive", "dead", UnitPath.of(name), "");
  }

  /// Whether systemd has no reason to keep it in memory, unless another unit needs it.
  boolean rests() {
    return active.equals("inactive") && job.isEmpty();
  }

  /// What systemd holds in memory of units with these names, and perhaps of others, by name. An
  /// alias is not among them.
  static Map<String, UnitRow> inMemory(Link link, Collection<String> names, Duration limit)
      throws InterruptedException {
    var rows = new HashMap<String, UnitRow>();
    if (!names.isEmpty()) {
      Request request =
          names.size() > FEW
              ? Request.manager("ListUnits", "")
              : Request.manager("ListUnitsByPatterns", "asas", List.of(), patterns(names));
      rows(link.call(request, limit).orThrow()).forEach(row -> rows.put(row.name(), row));
    }
    return rows;
  }

  /// Names as patterns that match themselves only (fnmatch(3)).
  private static List<String> patterns(Collection<String> names) {
    return names.stream().map(name -> name.replace("\\", "\\\\")).toList();
  }

  /// All of the units: systemd reads those that it does not hold in memory.
  static SortedMap<UnitName.Placeable, UnitRow> read(
      Link link, List<UnitName.Placeable> names, Duration limit) throws InterruptedException {
    var read = new TreeMap<UnitName.Placeable, UnitRow>();
    if (!names.isEmpty()) {
      List<UnitRow> rows = read(link.call(byNames(names), limit), names.size());
      if (rows.isEmpty()) {
        rows = readAlone(link, names, limit);
      }
      for (int i = 0; i < names.size(); i++) {
        read.put(names.get(i), rows.get(i));
      }
    }
    return read;
  }

  /// One by one, since there is one among them that systemd does not even want to name.
  private static List<UnitRow> readAlone(Link link, List<UnitName.Placeable> names, Duration limit)
      throws InterruptedException {
    List<Request> requests = names.stream().map(name -> byNames(List.of(name))).toList();
    List<Reply> replies = link.callAll(requests, limit);
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                read(replies.get(i), 1).stream()
                    .findFirst()
                    .orElse(unreadable(names.get(i).text())))
        .toList();
  }

  private static Request byNames(List<UnitName.Placeable> names) {
    return Request.manager("ListUnitsByNames", "as", names.stream().map(UnitName::text).toList());
  }

  /// A list in the order in which it was asked for; empty if systemd has not told of all.
  private static List<UnitRow> read(Reply reply, int size) {
    return switch (reply) {
      case Reply.Answer(var values) when rows(values).size() == size -> rows(values);
      case Reply.Answer _, Reply.Refusal _ -> List.of();
    };
  }

  private static List<UnitRow> rows(List<Object> values) {
    return ((List<?>) values.getFirst()).stream().map(UnitRow::of).toList();
  }
}
