package fleet.daemon;

import fleet.daemon.config.Configuration;
import fleet.unit.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/// The program `fleetd`.
///
/// It takes fleet v1's arguments, in Go's style with one dash or two. Exit status 1 stands for
/// something wrong at the start, 2 for wrong usage; once it runs, it ends only when told to.
public final class Main {

  static final Path DEFAULT_FILE = Path.of("/etc/fleet/fleet.conf");

  private static final String USAGE =
      """
      Usage of fleetd:
        -config PATH
              read this configuration file instead of %s
        -version
              print the version and exit
      """
          .formatted(DEFAULT_FILE);

  private Main() {}

  /// What the arguments ask for.
  sealed interface Request {
    /// Run, with this file; empty for the default one, which may be missing.
    record Run(Optional<Path> file) implements Request {}

    record ShowVersion() implements Request {}

    record ShowHelp() implements Request {}

    record Misused(String reason) implements Request {}
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
          case Request.Misused(var reason) -> {
            System.err.println(reason);
            System.err.print(USAGE);
            yield 2;
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
            "fleetd takes no arguments, found \""
                + argument
                + "\". Did you mean to invoke fleetctl instead?");
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
            return new Request.Misused("-config: expected a path behind it");
          }
          file = Optional.of(Path.of(arguments[i]));
        }
        default -> {
          if (!flag.startsWith("config=")) {
            return new Request.Misused("unknown flag " + argument);
          }
          file = Optional.of(Path.of(flag.substring("config=".length())));
        }
      }
    }
    return new Request.Run(file);
  }

  private static int run(Optional<Path> file) throws InterruptedException {
    boolean journal = System.getenv("JOURNAL_STREAM") != null;
    Logging.configure(false, journal);
    Path path = file.orElse(DEFAULT_FILE);
    String text;
    try {
      text = Files.readString(path);
    } catch (NoSuchFileException e) {
      if (file.isPresent()) {
        return refuse(path + ": no such file");
      }
      text = "";
    } catch (IOException e) {
      return refuse(path + ": cannot be read as text: " + e.getMessage());
    }
    return switch (Configuration.of(path.toString(), text, new TreeMap<>(System.getenv()))) {
      case Parsed.Malformed<Configuration>(var problems) -> refuse(problems);
      case Parsed.Ok<Configuration>(var configuration) -> {
        Logging.configure(configuration.debug(), journal);
        yield Daemon.run(configuration);
      }
    };
  }

  private static int refuse(String problems) {
    problems.lines().forEach(System.err::println);
    return 1;
  }
}
