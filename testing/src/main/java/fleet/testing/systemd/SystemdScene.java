package fleet.testing.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Systemd;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Body;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// A systemd in its world, and short words for what tests do with it.
public abstract class SystemdScene {

  protected static final Duration LONG = Duration.ofSeconds(100);

  /// Where the systemd under test lives.
  public interface World {

    /// Its time and threads.
    Environment environment();

    Systemd systemd();

    /// Puts a file of any name and contents into the directory, as a stranger might.
    void write(String name, String text);

    /// Puts a file of the machine's own there, as its administrator might. It vanishes with the
    /// test.
    ///
    /// @param path as systemd sees it, in one of the folders that it reads
    void put(String path, String text);

    /// Deletes a file of the machine's own.
    void take(String path);

    /// Has somebody of the machine start a unit, whether or not that comes to anything.
    void startByHand(UnitName.Placeable unit) throws InterruptedException;

    /// Runs a test in it.
    void within(Body body);
  }

  protected abstract World world();

  protected final Environment environment() {
    return world().environment();
  }

  protected final Systemd systemd() {
    return world().systemd();
  }

  protected final void write(String name, String text) {
    world().write(name, text);
  }

  protected final void put(String path, String text) {
    world().put(path, text);
  }

  protected final void take(String path) {
    world().take(path);
  }

  protected final void within(Body body) {
    world().within(body);
  }

  /// What comes of an installation.
  protected final SortedMap<UnitName.Placeable, String> tryToInstall(String name, String text)
      throws InterruptedException {
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    files.put(unit(name), file(text));
    var refused = systemd().install(files);
    systemd().reload();
    return refused;
  }

  protected final void install(String name, String text) throws InterruptedException {
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    files.put(unit(name), file(text));
    assertEquals(none(), systemd().install(files));
    systemd().reload();
  }

  protected final LocalUnit look(String name) throws InterruptedException {
    return state(systemd().units(set(name)), unit(name));
  }

  protected static LocalUnit state(
      SortedMap<UnitName.Placeable, LocalUnit> seen, UnitName.Placeable name) {
    LocalUnit found = seen.get(name);
    if (found == null) {
      throw new AssertionError("expected " + name + " among " + seen.keySet());
    }
    return found;
  }

  protected final String words(String name) throws InterruptedException {
    LocalUnit seen = look(name);
    return seen.active() + " " + seen.sub() + " " + seen.result();
  }

  /// Waits for a change that is signaled: nothing is asked between two signals.
  protected final void until(Signal changed, String name, Predicate<LocalUnit> expected)
      throws InterruptedException {
    Duration end = environment().uptime().plus(LONG);
    while (!expected.test(look(name))) {
      Duration left = end.minus(environment().uptime());
      assertTrue(left.isPositive(), () -> "no signal of what is expected of " + name);
      changed.await(left);
    }
  }

  protected final void until(BooleanSupplier condition) throws InterruptedException {
    Duration end = environment().uptime().plus(LONG);
    while (!condition.getAsBoolean()) {
      assertTrue(environment().uptime().compareTo(end) < 0, "it does not come to pass");
      environment().sleep(Duration.ofMillis(5));
    }
  }

  protected static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  protected static SortedSet<UnitName.Placeable> set(String... names) {
    var set = new TreeSet<UnitName.Placeable>();
    for (String name : names) {
      set.add(unit(name));
    }
    return set;
  }

  protected static SortedMap<UnitName.Placeable, String> none() {
    return new TreeMap<>();
  }

  protected static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }
}
