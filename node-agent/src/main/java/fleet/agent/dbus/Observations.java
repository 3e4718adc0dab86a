package fleet.agent.dbus;

import fleet.agent.dbus.Runs.Property;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.LocalUnit.Run;
import fleet.agent.systemd.Origin;
import fleet.agent.systemd.Origin.Loaded;
import fleet.unit.UnitName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;

/// What systemd has to say of units, asked so that it is cheap for systemd and raises no signals.
///
/// systemd holds in memory what runs, has failed, or is needed by another unit. To tell anything of
/// a unit that *rests* it reads the file, and forgets it at once; telling of 1,000 such units takes
/// it more than a second, and each is announced by the signals `UnitNew` and `UnitRemoved`: who
/// answers signals by looking again would never come to an end. Therefore the question is first
/// what is in memory, which costs next to nothing. Of units that are not, the answer is remembered
/// until files have changed or been read anew.
///
/// The property `Result`, what tells one run of a unit from the next, and the file that a unit was
/// loaded from are not part of systemd's lists. They are asked for one by one, but only of units
// that have changed.
final class Observations {

  /// What systemd said of a unit that it had to read for that.
  private record Resting(OnDisk file, UnitRow row) {}

  /// The result and the run of a unit in memory, and the file that it was loaded from, for as long
  /// as its state is this and no signal says otherwise.
  private record Known(String active, String sub, String result, Run run, String fragment) {
    boolean holds(UnitRow row) {
      return active.equals(row.active()) && sub.equals(row.sub());
    }
  }

  /// Of a unit that systemd does not hold in memory: it has forgotten how that has run.
  private static final Known RESTED = new Known("inactive", "dead", "success", Run.NONE, "");

  /// One look at a time: two at once would have systemd read the same files twice.
  private final ReentrantLock looking = new ReentrantLock(true);

  private final Map<UnitName.Placeable, Resting> resting = new HashMap<>();
  private final Map<UnitName.Placeable, Known> results = new HashMap<>();

  /// Paths of units that have changed since they were last asked for their results.
  private final Set<String> changed = ConcurrentHashMap.newKeySet();

  private final Runs runs = new Runs();
  private final OthersFiles others;

  /// Names of units that this process lives in.
  private final Set<String> home;

  private volatile boolean outdated;

  Observations(OthersFiles others, Set<String> home) {
    this.others = others;
    this.home = Collections.unmodifiableSet(new TreeSet<>(home));
  }

  /// Something of the unit has changed. Any thread may say so at any time.
  void unitChanged(String path) {
    changed.add(path);
  }

  /// The unit is in this invocation. Any thread may say so at any time.
  void invocation(String path, Object id) {
    runs.invocation(path, id);
  }

  /// Signals may have been missed. Any thread may say so at any time.
  void signalsMissed() {
    runs.forget();
    filesChanged();
  }

  /// All that is remembered may be wrong. Any thread may say so at any time.
  void filesChanged() {
    outdated = true;
  }

  /// What there is to say of the units that have these files.
  ///
  /// @param limit for a quick answer of systemd's
  /// @param slow for one for which it reads files
  SortedMap<UnitName.Placeable, LocalUnit> look(
      Link link, SortedMap<UnitName.Placeable, OnDisk> files, Duration limit, Duration slow)
      throws InterruptedException {
    looking.lockInterruptibly();
    try {
      forget(files.keySet());
      SortedMap<UnitName.Placeable, UnitRow> rows = inMemory(link, files.keySet(), limit);
      rows.putAll(read(link, files, rows.keySet(), slow));
      ask(link, rows, limit);
      return told(files, rows);
    } finally {
      looking.unlock();
    }
  }

  private void forget(Set<UnitName.Placeable> allBut) {
    if (outdated) {
      outdated = false;
      changed.clear();
      resting.clear();
      results.clear();
      runs.forgetMany();
    }
    resting.keySet().retainAll(allBut);
    results.keySet().retainAll(allBut);
  }

  private SortedMap<UnitName.Placeable, UnitRow> inMemory(
      Link link, Set<UnitName.Placeable> names, Duration limit) throws InterruptedException {
    var own = new TreeMap<UnitName.Placeable, String>();
    for (UnitName.Placeable name : names) {
      Resting known = resting.get(name);
      own.put(name, known == null ? name.text() : known.row().name());
    }
    Map<String, UnitRow> rows = UnitRow.inMemory(link, own.values(), limit);
    var found = new TreeMap<UnitName.Placeable, UnitRow>();
    own.forEach(
        (name, text) -> {
          UnitRow row = rows.get(text);
          if (row != null) {
            found.put(name, row);
          }
        });
    return found;
  }

  /// Has systemd read the units that are not in memory, and of which nothing is remembered.
  ///
  /// @return those that are in memory after all: they run, or another unit has them as an alias
  private SortedMap<UnitName.Placeable, UnitRow> read(
      Link link,
      SortedMap<UnitName.Placeable, OnDisk> files,
      Set<UnitName.Placeable> inMemory,
      Duration slow)
      throws InterruptedException {
    var unknown = new TreeMap<>(files);
    unknown.keySet().removeAll(inMemory);
    unknown
        .entrySet()
        .removeIf(
            unit -> {
              Resting known = resting.get(unit.getKey());
              return known != null && known.file().equals(unit.getValue());
            });
    SortedMap<UnitName.Placeable, UnitRow> rows =
        UnitRow.read(link, List.copyOf(unknown.keySet()), slow);
    unknown.forEach(
        (name, file) -> {
          UnitRow row = rows.get(name);
          if (row != null && row.rests()) {
            resting.put(name, new Resting(file, row));
            rows.remove(name);
          }
        });
    return rows;
  }

  /// Asks for the results and the runs of those that have changed.
  private void ask(Link link, SortedMap<UnitName.Placeable, UnitRow> rows, Duration limit)
      throws InterruptedException {
    var stale = new TreeMap<>(rows);
    stale
        .entrySet()
        .removeIf(
            unit -> {
              Known known = results.get(unit.getKey());
              boolean same = known != null && known.holds(unit.getValue());
              boolean unchanged = !changed.remove(unit.getValue().path());
              return same && unchanged;
            });
    var answers =
        answers(
            link,
            stale,
            limit,
            (name, row) -> {
              var questions = runs.questions(name, row);
              questions.add(fragment(name));
              if (hasResult(name, row)) {
                questions.add(result(name));
              }
              return questions;
            });
    answers.putAll(
        answers(
            link,
            stale,
            limit,
            (name, row) ->
                Runs.questionsOfExit(
                    name, row, String.valueOf(answers.getOrDefault(result(name), "success")))));
    stale.forEach(
        (name, row) -> {
          Known before = results.get(name);
          Run run = runs.run(name, row, answers, before == null ? Run.NONE : before.run());
          Object result = answers.get(result(name));
          if (result == null && hasResult(name, row)) {
            results.remove(name); // it has just gone
          } else {
            results.put(
                name,
                new Known(
                    row.active(),
                    row.sub(),
                    result == null ? "" : result.toString(),
                    run,
                    answers.getOrDefault(fragment(name), "").toString()));
          }
        });
  }

  private interface Questions {
    List<Property> of(UnitName.Placeable name, UnitRow row);
  }

  /// What systemd says of units, asked for all at once; without what it does not say.
  private static Map<Property, Object> answers(
      Link link, SortedMap<UnitName.Placeable, UnitRow> rows, Duration limit, Questions questions)
      throws InterruptedException {
    var asked = new ArrayList<Property>();
    var requests = new ArrayList<Request>();
    rows.forEach(
        (name, row) -> {
          for (Property property : questions.of(name, row)) {
            asked.add(property);
            requests.add(property.request(row.path()));
          }
        });
    List<Reply> replies = link.callAll(requests, limit);
    var answers = new HashMap<Property, Object>();
    for (int i = 0; i < asked.size(); i++) {
      if (replies.get(i) instanceof Reply.Answer(var values)) {
        answers.put(asked.get(i), ((Variant<?>) values.getFirst()).getValue());
      }
    }
    return answers;
  }

  private static Property result(UnitName.Placeable name) {
    return new Property(name, typeOf(name), "Result");
  }

  private static Property fragment(UnitName.Placeable name) {
    return new Property(name, "Unit", "FragmentPath");
  }

  private SortedMap<UnitName.Placeable, LocalUnit> told(
      SortedMap<UnitName.Placeable, OnDisk> files, SortedMap<UnitName.Placeable, UnitRow> rows) {
    var told = new TreeMap<UnitName.Placeable, LocalUnit>();
    files.forEach(
        (name, file) -> {
          UnitRow present = rows.get(name);
          Resting absent = resting.get(name);
          Known known = results.get(name);
          if (present != null) {
            told.put(name, unit(name, file, present, known, origin(name, present, known)));
          } else if (absent != null) {
            told.put(name, unit(name, file, absent.row(), RESTED, origin(name, absent.row())));
          }
        });
    return told;
  }

  /// Whose a unit is that is in memory.
  private Origin origin(UnitName.Placeable name, UnitRow row, @Nullable Known known) {
    String fragment = known == null ? "" : known.fragment();
    Optional<String> another = others.of(name);
    Loaded loaded = fragment.isEmpty() ? Loaded.NOTHING : loadedFrom(Path.of(fragment), name);
    if (loaded == Loaded.ANOTHERS && another.isEmpty() && others.isThere(Path.of(fragment))) {
      another = Optional.of(fragment);
    }
    return new Origin(
        loaded, another.orElse(""), home.contains(name.text()) || home.contains(row.name()));
  }

  private Loaded loadedFrom(Path fragment, UnitName.Placeable name) {
    if (others.leadsTo(fragment, name)) {
      return Loaded.FLEETS;
    }
    boolean lost = others.isPlaceOf(name, fragment) && !others.isThere(fragment);
    return lost ? Loaded.NOTHING : Loaded.ANOTHERS;
  }

  /// Whose a unit is that systemd would have to read.
  private Origin origin(UnitName.Placeable name, UnitRow row) {
    Optional<String> another = others.of(name);
    Loaded loaded =
        row.load().equals("not-found")
            ? Loaded.NOTHING
            : another.isPresent() ? Loaded.ANOTHERS : Loaded.FLEETS;
    return new Origin(loaded, another.orElse(""), home.contains(name.text()));
  }

  private static LocalUnit unit(
      UnitName.Placeable name, OnDisk file, UnitRow row, @Nullable Known known, Origin origin) {
    return new LocalUnit(
        file,
        row.load(),
        row.active(),
        row.sub(),
        known != null && hasResult(name, row) ? known.result() : "",
        row.job(),
        known == null ? Run.NONE : known.run(),
        origin);
  }

  private static boolean hasResult(UnitName.Placeable name, UnitRow row) {
    return row.load().equals("loaded")
        && switch (name.type()) {
          case AUTOMOUNT, MOUNT, PATH, SERVICE, SOCKET, SWAP, TIMER -> true;
          case SLICE, TARGET -> false;
        };
  }

  /// The part of the D-Bus interface of a type of units that is its own, such as `Service`.
  private static String typeOf(UnitName.Placeable name) {
    String suffix = name.type().suffix();
    return suffix.substring(0, 1).toUpperCase(Locale.ROOT) + suffix.substring(1);
  }
}
