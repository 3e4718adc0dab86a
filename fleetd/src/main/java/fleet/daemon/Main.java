package fleet.daemon;

import fleet.daemon.config.Configuration;
import fleet.unit.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The program `fleetd`.
///
/// It takes fleet v1's arguments, in Go's style with one dash or two. Exit status 1 stands for
/// something wrong at the start, 2 for an unknown flag; once it runs, it ends only when told to.
public final class Main {

  private static final String USAGE =
      """
      Usage of fleetd:
        -config PATH
              read this configuration file instead of %s
        -version
              print the version and exit
      """
          .formatted(ConfigurationFile.DEFAULT);

  private Main() {}

  /// What the arguments ask for.
  sealed interface Request {
    /// Run, with this file; empty for the default one, which may be missing.
    record Run(Optional<Path> file) implements Request {}

    record ShowVersion() implements Request {}

    record ShowHelp() implements Request {}

    /// Make no sense.
    ///
    /// @param status to exit with: 1 for an argument, 2 for a flag, as in fleet v1
    record Misused(String reason, int status) implements Request {}
  }

  public static void main(String[] arguments) throws InterruptedException {
    int status =
        switch (request(arguments)) {
          case Request.Run(var file) -> run(file);
          case Request.ShowVersion() -> {
            System.out.println("fleetd version " + Version.TEXT);
            yield 0;
          }
          case Request.ShowHelp() -> {
            System.err.print(USAGE);
            yield 0;
          }
          case Request.Misused(var reason, var exit) -> {
            System.err.println(reason);
            System.err.print(USAGE);
            yield exit;
          }
        };
    System.exit(status);
  }

  static Request request(String... arguments) {
    if (Arrays.equals(arguments, new String[] {"version"})) {
      return new Request.ShowVersion();
    }
    Optional<Path> file = Optional.empty();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("-")) {
        return new Request.Misused(
            "fleetd takes no arguments. Did you mean to invoke fleetctl instead?", 1);
      }
      String flag = argument.replaceFirst("^--?", "");
      switch (flag) {
        case "version" -> {
          return new Request.ShowVersion();
        }
        case "h", "help" -> {
          return new Request.ShowHelp();
        }
        case "config" -> {
          if (++i == arguments.length) {
            return new Request.Misused("-config: expected a path behind it", 2);
          }
          file = Optional.of(Path.of(arguments[i]));
        }
        default -> {
          if (!flag.startsWith("config=")) {
            return new Request.Misused("unknown flag " + argument, 2);
          }
          file = Optional.of(Path.of(flag.substring("config=".length())));
        }
      }
    }
    return new Request.Run(file);
  }

  private static int run(Optional<Path> path) throws InterruptedException {
    takeName();
    Logging.configure(System.getenv("JOURNAL_STREAM") != null);
    var file = new ConfigurationFile(path);
    return switch (file.read()) {
      case Parsed.Malformed<Configuration>(var problems) -> refuse(problems);
      case Parsed.Ok<Configuration>(var configuration) -> {
        Logging.verbose(configuration.debug());
        yield Daemon.run(file, configuration);
      }
    };
  }

  /// Has `pidof`, `pgrep` and `ps` find the process by the program's name, rather than as `java`
  /// (proc_pid_comm(5)).
  private static void takeName() {
    try {
      Files.writeString(Path.of("/proc/self/comm"), "fleetd");
    } catch (IOException e) {
      // Then it is called as it was: nothing here depends on it.
    }
  }

  private static int refuse(String problems) {
    problems.lines().forEach(System.err::println);
    return 1;
  }
}
