package fleet.agent.dbus;

import fleet.unit.Parsed.Ok;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The units of which a dead man's switch is made, below systemd's own directory for units that
/// last until the next boot. For `db.service`:
///
/// - `fleet-switch-db.service-a.service` and `…-b.service` are the switches. Each does nothing
///   until it is stopped; if it is not, systemd ends it when its time is up (`RuntimeMaxSec=`), and
///   starts
/// - `fleet-switch-db.service-fire.service`, which has systemd stop `db.service`, and kills all of
///   it until it has.
/// - `…-a-sure.service` and `…-b-sure.service` can be started only while their switch is armed. One
///   that is active says that it was confirmed.
/// - `fleet-switch-db.service.target` is active while one of these is, and
/// - `db.service.d/50-fleet-switch.conf` lets `db.service` start only while that target is active.
///
/// Of these, what comes and goes with each renewal is a service, not a timer or a target, since
/// systemd writes to the journal whenever a unit comes or goes, and a service can ask it not to
/// (`LogLevelMax=`, systemd.exec(5)).
final class SwitchFiles {

  /// The two switches of a unit.
  enum Side {
    A,
    B
  }

  /// Of the 255 characters of a name, what the others are needed for is less.
  private static final int LONGEST_NAME = 200;

  /// A switch is there until the machine is off: a unit that is stopped at shutdown may hang.
  private static final String UNIT =
      """
      [Unit]
      Description=%s
      DefaultDependencies=no
      IgnoreOnIsolate=yes
      """;

  /// systemd's directory, as we reach it.
  private final Path directory;

  private final boolean ofUser;

  /// @param directory where systemd reads units that last until the next boot
  /// @param ofUser whether that systemd is a user's
  SwitchFiles(Path directory, boolean ofUser) {
    this.directory = directory;
    this.ofUser = ofUser;
  }

  static UnitName.Placeable name(UnitName.Placeable unit, Side side) {
    return parsed(base(unit) + (side == Side.A ? "-a.service" : "-b.service"));
  }

  /// What is active when that switch was confirmed.
  static UnitName.Placeable sure(UnitName.Placeable unit, Side side) {
    return parsed(base(unit) + (side == Side.A ? "-a-sure.service" : "-b-sure.service"));
  }

  /// What stops the unit.
  static UnitName.Placeable fire(UnitName.Placeable unit) {
    return parsed(base(unit) + "-fire.service");
  }

  private static UnitName.Placeable parsed(String text) {
    return switch (UnitName.parse(text)) {
      case Ok<UnitName>(UnitName.Placeable name) -> name;
      default -> throw new IllegalStateException("no name of a unit: " + text);
    };
  }

  /// No instance of a template, whatever the unit is, and a name that systemd takes, however long
  /// that of the unit is.
  private static String base(UnitName.Placeable unit) {
    String name = unit.text().replace("@", "\\x40");
    return "fleet-switch-"
        + (name.length() <= LONGEST_NAME
            ? name
            : UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }

  /// Makes a unit need a switch to be started. Takes effect when systemd reads its files anew.
  void guard(UnitName.Placeable unit) throws IOException {
    String target = base(unit) + ".target";
    var _ = put(dropIn(unit), guard(target));
    var _ = put(directory.resolve(target), target(unit));
  }

  private static String target(UnitName.Placeable unit) {
    return UNIT.formatted("A dead man's switch of " + unit + " is armed")
        + "StopWhenUnneeded=yes\n";
  }

  /// Writes switches that fire after that time.
  ///
  /// @return whether they are new to systemd
  boolean write(UnitName.Placeable unit, Duration after) throws IOException {
    String base = base(unit);
    String target = base + ".target";
    String fire = base + "-fire.service";
    var files = new LinkedHashMap<String, String>();
    files.put(target, target(unit));
    files.put(
        fire,
        UNIT.formatted("Stops " + unit + ", which another machine may run")
            + fire(unit, ofUser ? "--user" : "--system"));
    for (Side side : Side.values()) {
      files.put(
          name(unit, side).text(),
          UNIT.formatted("Dead man's switch of " + unit) + armed(fire, after));
      String armed = name(unit, side).text();
      files.put(
          sure(unit, side).text(),
          UNIT.formatted("A dead man's switch of " + unit + " was confirmed")
              + sure(armed, target));
    }
    boolean news = false;
    for (Map.Entry<String, String> file : files.entrySet()) {
      news |= put(directory.resolve(file.getKey()), file.getValue());
    }
    return news;
  }

  private static String guard(String target) {
    return """
    [Unit]
    Requisite=%s
    After=%s
    """
        .formatted(target, target);
  }

  private static String armed(String fire, Duration after) {
    return """
    OnFailure=%s
    StartLimitIntervalSec=0

    [Service]
    ExecStart=/bin/sleep infinity
    RuntimeMaxSec=%dms
    TimeoutStopSec=1s
    OOMScoreAdjust=-1000
    LogLevelMax=warning
    """
        .formatted(fire, after.toMillis());
  }

  private static String sure(String armed, String target) {
    return """
    Requisite=%s
    After=%s
    Wants=%s
    StartLimitIntervalSec=0

    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=/bin/true
    LogLevelMax=warning
    """
        .formatted(armed, armed, target);
  }

  /// What is stopped runs `ExecStop=` and `ExecStopPost=`, and what fails may be restarted: hence a
  /// stop, and as many kills as it takes.
  private static String fire(UnitName.Placeable unit, String manager) {
    return """
    StartLimitIntervalSec=0

    [Service]
    Type=oneshot
    TimeoutStartSec=60s
    OOMScoreAdjust=-1000
    ExecStart=/bin/sh -c 'm=$$1; systemctl $$m stop -- "$$2" "$$3"; \
      systemctl $$m --no-block stop -- "$$0"; n=0; \
      while [ $$n -lt 200 ]; do \
        case "$$(systemctl $$m show --property=ActiveState -- "$$0")" in \
          *=inactive|*=failed) exit 0;; esac; \
        systemctl $$m kill --signal=KILL -- "$$0"; n=$$((n+1)); sleep 0.1; \
      done; exit 1' %s %s %s %s
    """
        .formatted(
            argument(unit.text()),
            manager,
            argument(sure(unit, Side.A).text()),
            argument(sure(unit, Side.B).text()));
  }

  /// Deletes all of it, the drop-in last: without that there is nothing.
  void delete(UnitName.Placeable unit) throws IOException {
    if (!Files.exists(dropIn(unit))) { // nor is there, if the unit's name is too long for it
      return;
    }
    String base = base(unit);
    for (String file :
        List.of(
            base + ".target",
            base + "-fire.service",
            name(unit, Side.A).text(),
            name(unit, Side.B).text(),
            sure(unit, Side.A).text(),
            sure(unit, Side.B).text())) {
      Files.deleteIfExists(directory.resolve(file));
    }
    Files.delete(dropIn(unit));
    Files.deleteIfExists(dropIn(unit).getParent());
  }

  private Path dropIn(UnitName.Placeable unit) {
    return directory.resolve(unit.text() + ".d").resolve("50-fleet-switch.conf");
  }

  /// As systemd and a shell read the words of a command.
  private static String argument(String text) {
    return text.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$");
  }

  private static boolean put(Path file, String text) throws IOException {
    try {
      if (Files.readString(file).equals(text)) {
        return false;
      }
    } catch (NoSuchFileException e) {
      Files.createDirectories(file.getParent());
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    Files.writeString(unfinished, text);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }
}
