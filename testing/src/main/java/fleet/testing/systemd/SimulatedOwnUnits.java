package fleet.testing.systemd;

import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// What a simulated machine has for itself: files under names that units of fleet's may have, too,
/// and what runs from them.
public final class SimulatedOwnUnits {

  private final SimulatedSystemd systemd;
  private final SimulatedDisk disk;
  private BiConsumer<UnitName.Placeable, Duration> killed = (_, _) -> {};

  SimulatedOwnUnits(SimulatedSystemd systemd, SimulatedDisk disk) {
    this.systemd = systemd;
    this.disk = disk;
  }

  /// Puts a file there: in `/etc/systemd/system` it outranks fleet's, in `/usr/lib/systemd/system`
  /// fleet's hides it.
  public void put(String path, UnitName.Placeable name, String text) {
    held(
        () -> {
          disk.put(path, name, text);
          return true;
        });
  }

  /// Takes a file away.
  public void take(String path, UnitName.Placeable name) {
    held(
        () -> {
          disk.take(path, name);
          return true;
        });
  }

  /// Links fleet's file of a unit over whatever else has the name, as an agent did that never
  // asked.
  public void linkOver(UnitName.Placeable name) {
    held(
        () -> {
          disk.link(name);
          return true;
        });
  }

  /// Has systemd read all files, and start a unit if it rests, from whatever file there is. An
  /// exclusive one of fleet's starts only under a confirmed switch, whoever asks (its drop-in).
  public void start(UnitName.Placeable name) {
    held(
        () -> {
          systemd.readAll();
          SimulatedUnit unit = systemd.unit(name);
          boolean forbidden = unit.exclusive() && !systemd.allowsStartOf(name);
          if (unit.load().equals("loaded") && unit.rests() && unit.job == null && !forbidden) {
            unit.begin();
          }
          return true;
        });
  }

  /// Ends what runs of a unit, if it was not started from a file of fleet's.
  public void end(UnitName.Placeable name) {
    held(
        () -> {
          SimulatedUnit unit = systemd.unit(name);
          if (!unit.rests() && !unit.fromFleet && unit.job == null) {
            unit.end("inactive", "dead", "success");
          }
          return true;
        });
  }

  /// Since when something runs under that name that was not started from a file of fleet's, by
  /// [Environment#uptime]; empty if nothing does.
  public Optional<Duration> runs(UnitName.Placeable name) {
    return systemd.whenHeld(
        () -> {
          SimulatedUnit unit = systemd.unit(name);
          return !unit.rests() && !unit.fromFleet ? Optional.of(unit.began) : Optional.empty();
        });
  }

  /// Whether there is a file of the machine's own under that name.
  public boolean has(UnitName.Placeable name) {
    return systemd.whenHeld(() -> !disk.another(name).isEmpty());
  }

  /// Lets somebody know of each unit of the machine's own that a dead man's switch kills, and since
  /// when it ran.
  public void onKill(BiConsumer<UnitName.Placeable, Duration> observer) {
    held(
        () -> {
          killed = observer;
          return true;
        });
  }

  void killed(UnitName.Placeable name) {
    runs(name).ifPresent(since -> killed.accept(name, since));
  }

  private void held(Supplier<Boolean> what) {
    var _ =
        systemd.whenHeld(
            () -> {
              Boolean done = what.get();
              systemd.notifyWatchers();
              return done;
            });
  }
}
