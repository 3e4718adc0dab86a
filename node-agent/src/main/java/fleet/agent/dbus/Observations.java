package fleet.agent.dbus;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/// What systemd has to say of units, asked so that it is cheap for systemd and raises no signals.
///
/// systemd holds in memory what runs, has failed, or is needed by another unit. To tell anything of
/// a unit that *rests* it reads the file, and forgets it at once; telling of 1,000 such units takes
/// it more than a second, and each is announced by the signals `UnitNew` and `UnitRemoved`: who
/// looks at signals by looking again would never rest. Therefore the question is first what is in
/// memory, which costs next to nothing; and for units that are not, the answer is remembered until
/// files have changed or been read anew.
///
/// The property `Result` is not part of systemd's lists. It is asked for one by one, but only of
/// units that have changed.
final class Observations {

  /// With fewer names systemd picks out the units, with more it is cheaper to be told of all.
  private static final int FEW = 32;

  /// How systemd says that a unit is at rest and has left no trace.
  private static final String INACTIVE = "inactive";

  /// What systemd said of a unit that it had to read for that.
  private record Resting(OnDisk file, LocalUnit seen) {}

  /// The result of a unit in memory, as long as its state is this.
  private record Ended(String active, String sub, String result) {}

  private record Row(String name, String load, String active, String sub, String path, String job) {

    /// @param fields as org.freedesktop.systemd1(5) has them, `ListUnits()`
    static Row of(Object fields) {
      Object[] row = (Object[]) fields;
      return new Row(
          (String) row[0],
          (String) row[2],
          (String) row[3],
          (String) row[4],
          ((DBusPath) row[6]).getPath(),
          ((UInt32) row[7]).longValue() == 0 ? "" : (String) row[8]);
    }
  }

  private final Map<UnitName.Placeable, Resting> resting = new HashMap<>();
  private final Map<UnitName.Placeable, Ended> ended = new HashMap<>();

  /// Paths of units that have changed since they were last asked for their results.
  private final Set<String> changed = ConcurrentHashMap.newKeySet();

  private volatile boolean reloaded;

  /// May be called on any thread, at any time.
  void unitChanged(String path) {
    if (changed.size() < 100_000) {
      changed.add(path);
    } else {
      reloaded = true;
    }
  }

  /// All that is remembered may be wrong. May be called on any thread, at any time.
  void filesChanged() {
    reloaded = true;
  }

  synchronized SortedMap<UnitName.Placeable, LocalUnit> look(
      Link link, SortedMap<UnitName.Placeable, OnDisk> files, Duration limit)
      throws InterruptedException {
    forget(files.keySet());
    Map<String, Row> inMemory = inMemory(link, files.keySet(), limit);
    var seen = new TreeMap<UnitName.Placeable, LocalUnit>();
    var unknown = new ArrayList<UnitName.Placeable>();
    var live = new TreeMap<UnitName.Placeable, Row>();
    files.forEach(
        (name, file) -> {
          Row row = inMemory.get(name.text());
          Resting known = resting.get(name);
          if (row != null) {
            live.put(name, row);
          } else if (known != null && known.file().equals(file)) {
            seen.put(name, known.seen());
          } else {
            unknown.add(name);
          }
        });
    for (var entry : read(link, unknown, limit).entrySet()) {
      UnitName.Placeable name = entry.getKey();
      Row row = entry.getValue();
      if (row.active().equals(INACTIVE) && row.job().isEmpty()) {
        OnDisk file = files.getOrDefault(name, new OnDisk.Absent());
        LocalUnit unit = unit(file, row, hasResult(name, row) ? "success" : "");
        resting.put(name, new Resting(file, unit));
        seen.put(name, unit);
      } else {
        live.put(name, row);
      }
    }
    Map<UnitName.Placeable, String> results = results(link, live, limit);
    live.forEach(
        (name, row) ->
            seen.put(
                name,
                unit(
                    files.getOrDefault(name, new OnDisk.Absent()),
                    row,
                    results.getOrDefault(name, ""))));
    return seen;
  }

  private void forget(Set<UnitName.Placeable> asked) {
    if (reloaded) {
      reloaded = false;
      changed.clear();
      resting.clear();
      ended.clear();
    }
    resting.keySet().retainAll(asked);
    ended.keySet().retainAll(asked);
  }

  private Map<String, Row> inMemory(Link link, Set<UnitName.Placeable> names, Duration limit)
      throws InterruptedException {
    Request request =
        names.size() > FEW
            ? Request.manager("ListUnits", "")
            : Request.manager("ListUnitsByPatterns", "asas", List.of(), patterns(names));
    var rows = new HashMap<String, Row>();
    for (Row row : names.isEmpty() ? List.<Row>of() : rows(link.call(request, limit))) {
      rows.put(row.name(), row);
    }
    return rows;
  }

  /// Names as patterns that match themselves only (fnmatch(3)).
  private static List<String> patterns(Set<UnitName.Placeable> names) {
    return names.stream().map(name -> name.text().replace("\\", "\\\\")).toList();
  }

  private static List<Row> rows(Reply reply) {
    return ((List<?>) reply.orThrow().getFirst()).stream().map(Row::of).toList();
  }

  /// Has systemd read units that are not in memory. It answers in the order of the names, since a
  /// name can be an alias of another unit's.
  private static SortedMap<UnitName.Placeable, Row> read(
      Link link, List<UnitName.Placeable> names, Duration limit) throws InterruptedException {
    var read = new TreeMap<UnitName.Placeable, Row>();
    if (names.isEmpty()) {
      return read;
    }
    List<String> texts = names.stream().map(UnitName::text).toList();
    List<Row> rows =
        rows(link.call(Request.manager("ListUnitsByNames", "as", texts), limit.multipliedBy(6)));
    for (int i = 0; i < names.size(); i++) {
      read.put(names.get(i), rows.get(i));
    }
    return read;
  }

  private Map<UnitName.Placeable, String> results(
      Link link, SortedMap<UnitName.Placeable, Row> rows, Duration limit)
      throws InterruptedException {
    var results = new TreeMap<UnitName.Placeable, String>();
    var unknown = new ArrayList<UnitName.Placeable>();
    var requests = new ArrayList<Request>();
    rows.forEach(
        (name, row) -> {
          Ended known = ended.get(name);
          boolean fresh = !changed.remove(row.path());
          if (!hasResult(name, row)) {
            results.put(name, "");
          } else if (fresh
              && known != null
              && known.active().equals(row.active())
              && known.sub().equals(row.sub())) {
            results.put(name, known.result());
          } else {
            unknown.add(name);
            requests.add(Request.property(row.path(), type(name).orElseThrow(), "Result"));
          }
        });
    List<Reply> replies = link.callAll(requests, limit);
    for (int i = 0; i < replies.size(); i++) {
      UnitName.Placeable name = unknown.get(i);
      Row row = rows.get(name);
      if (replies.get(i) instanceof Reply.Answer(var values)
          && values.getFirst() instanceof Variant<?> value
          && row != null) {
        String result = value.getValue().toString();
        results.put(name, result);
        ended.put(name, new Ended(row.active(), row.sub(), result));
      }
    }
    return results;
  }

  private static boolean hasResult(UnitName.Placeable name, Row row) {
    return row.load().equals("loaded") && type(name).isPresent();
  }

  /// The part of the D-Bus interface that has the property `Result`, if one has.
  private static Optional<String> type(UnitName.Placeable name) {
    return switch (name.type()) {
      case AUTOMOUNT -> Optional.of("Automount");
      case MOUNT -> Optional.of("Mount");
      case PATH -> Optional.of("Path");
      case SERVICE -> Optional.of("Service");
      case SOCKET -> Optional.of("Socket");
      case SWAP -> Optional.of("Swap");
      case TIMER -> Optional.of("Timer");
      case SLICE, TARGET -> Optional.empty();
    };
  }

  private static LocalUnit unit(OnDisk file, Row row, String result) {
    return new LocalUnit(file, row.load(), row.active(), row.sub(), result, row.job());
  }
}
