package fleet.agent.dbus;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.SystemEnvironment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.logging.LogManager;

/// Drives the systemd of the node that this program runs in, and prints what it sees. For what
/// cannot be reached from the host.
final class InsideNode {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final UnitName.Placeable UNIT =
      (UnitName.Placeable) UnitName.parse("inside@1.service").orElseThrow();

  private final DbusSystemd systemd;
  private final Signal changed = new SystemEnvironment().signal("changed");

  private InsideNode(DbusSystemd systemd) {
    this.systemd = systemd;
    systemd.watch(changed);
  }

  /// @param arguments which systemd, and a command that disturbs it
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LogManager.getLogManager().reset();
    DbusOptions options =
        switch (arguments[0]) {
          case "user" ->
              DbusOptions.user(
                  Path.of("/run/user/0/fleet/units"), Map.of("XDG_RUNTIME_DIR", "/run/user/0"));
          case "system" -> DbusOptions.system(Path.of("/run/fleet/inside"));
          default ->
              new DbusOptions(
                  "unix:path=/nowhere",
                  Optional.of("unix:path=" + arguments[0]),
                  Path.of("/run/fleet/inside"),
                  Path.of("/"),
                  List.of("journalctl"),
                  Duration.ofSeconds(60));
        };
    try (var systemd = DbusSystemd.open(options)) {
      var inside = new InsideNode(systemd);
      inside.drive();
      if (arguments.length > 1) {
        String[] command = arguments[1].split(" ");
        System.out.println(
            String.join(" ", command)
                + ": "
                + new ProcessBuilder(command).inheritIO().start().waitFor());
        inside.drive();
      }
    }
  }

  private void drive() throws InterruptedException {
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    files.put(
        UNIT,
        UnitFile.parse(
                "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=default.target\n")
            .orElseThrow());
    System.out.println("install " + patiently(() -> systemd.install(files)));
    systemd.reload();
    System.out.println("start " + systemd.start(UNIT, LONG));
    System.out.println(seen(unit -> unit.active().equals("active")));
    System.out.println("stop " + systemd.stop(UNIT, LONG));
    System.out.println(seen(unit -> unit.active().equals("inactive")));
    System.out.println("remove " + systemd.remove(new TreeSet<>(files.keySet())));
    systemd.reload();
    System.out.println(seen(unit -> unit.load().equals("not-found")));
  }

  private interface Call {
    Object call() throws InterruptedException;
  }

  /// Tries again when there is a signal, until systemd is there.
  private Object patiently(Call call) throws InterruptedException {
    while (true) {
      try {
        return call.call();
      } catch (Unavailable e) {
        changed.await(LONG);
      }
    }
  }

  private String seen(Predicate<LocalUnit> expected) throws InterruptedException {
    while (true) {
      LocalUnit unit = systemd.units(new TreeSet<>(List.of(UNIT))).get(UNIT);
      if (unit != null && expected.test(unit)) {
        return unit.load() + " " + unit.active() + " " + unit.sub() + " " + unit.result();
      }
      changed.await(LONG);
    }
  }
}
