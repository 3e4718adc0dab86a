package fleet.testing.systemd;

import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import fleet.unit.UnitType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a unit file makes a unit do, as far as [SimulatedSystemd] acts it out.
///
/// Programs are known by their names alone: `true` and `false` end at once, `sleep N` ends after N
/// seconds, and all others run until they are stopped.
///
/// @param load systemd's word for whether the file can be loaded
/// @param oneshot whether starting takes until the main program has ended
/// @param runs how long the main program runs; empty for ever
/// @param fails whether it then fails
/// @param remains whether the unit stays active when it has ended well
/// @param stops how long `ExecStop=` takes
/// @param enableable whether `[Install]` can be carried out
/// @param sub systemd's word for being up
/// @param hasResult whether the type of unit says how it ended
/// @param requires what must be up before it, or be started with it
/// @param triggers what must be there for it to be started, since it is there to start that
/// @param restart after which pause it is started again when it has failed; empty if it is not
record Behavior(
    String load,
    boolean oneshot,
    Optional<Duration> runs,
    boolean fails,
    boolean remains,
    Duration stops,
    boolean enableable,
    String sub,
    boolean hasResult,
    List<UnitName.Placeable> requires,
    Optional<UnitName.Placeable> triggers,
    Optional<Duration> restart) {

  private static final Duration RESTART_PAUSE = Duration.ofMillis(100);

  static Behavior of(UnitName name, UnitFile file) {
    boolean service = name.type() == UnitType.SERVICE;
    Optional<String> command = option(file, "Service", "ExecStart");
    return new Behavior(
        service && command.isEmpty() ? "bad-setting" : "loaded",
        option(file, "Service", "Type").equals(Optional.of("oneshot")),
        command.flatMap(Behavior::duration),
        command.map(Behavior::program).equals(Optional.of("false")),
        option(file, "Service", "RemainAfterExit").equals(Optional.of("yes")),
        option(file, "Service", "ExecStop").flatMap(Behavior::duration).orElse(Duration.ZERO),
        option(file, "Install", "Alias")
            .map(alias -> alias.endsWith("." + name.type().suffix()))
            .orElse(true),
        sub(name.type()),
        name.type() != UnitType.SLICE && name.type() != UnitType.TARGET,
        option(file, "Unit", "Requires").stream()
            .flatMap(names -> Arrays.stream(names.split(" ")))
            .flatMap(required -> unit(required).stream())
            .toList(),
        triggered(name),
        option(file, "Service", "Restart")
            .filter(when -> when.equals("always") || when.equals("on-failure"))
            .map(_ -> RESTART_PAUSE));
  }

  private static Optional<UnitName.Placeable> triggered(UnitName name) {
    return switch (name.type()) {
      case SOCKET, TIMER, PATH ->
          unit(name.text().substring(0, name.text().lastIndexOf('.')) + ".service");
      case SERVICE, AUTOMOUNT, MOUNT, SLICE, SWAP, TARGET -> Optional.empty();
    };
  }

  private static Optional<UnitName.Placeable> unit(String text) {
    return UnitName.parse(text) instanceof Parsed.Ok<UnitName>(UnitName.Placeable name)
        ? Optional.of(name)
        : Optional.empty();
  }

  private static Optional<String> option(UnitFile file, String section, String name) {
    return file.options().stream()
        .filter(option -> option.section().equals(section) && option.name().equals(name))
        .map(UnitOption::value)
        .findFirst();
  }

  private static String program(String command) {
    String path = command.split(" ")[0];
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Optional<Duration> duration(String command) {
    return switch (program(command)) {
      case "true", "false" -> Optional.of(Duration.ZERO);
      case "sleep" ->
          command.endsWith(" infinity")
              ? Optional.empty()
              : Optional.of(
                  Duration.ofMillis(
                      (long) (1000 * Double.parseDouble(command.replaceAll(".* ", "")))));
      default -> Optional.empty();
    };
  }

  private static String sub(UnitType type) {
    return switch (type) {
      case SERVICE -> "running";
      case SOCKET -> "listening";
      case TIMER, PATH, AUTOMOUNT -> "waiting";
      case MOUNT -> "mounted";
      case SLICE, SWAP, TARGET -> "active";
    };
  }
}
