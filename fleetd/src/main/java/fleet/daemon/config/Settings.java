package fleet.daemon.config;

import fleet.daemon.config.Configuration.Address;
import fleet.unit.words.Nearest;
import fleet.unit.words.TimeSpan;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads single settings out of file and environment, and collects what is wrong with them.
///
/// Each problem is one line that names the key, where it was set, what was expected and what was
/// found. A setting that is wrong reads as its default, so that all problems come to light at once.
final class Settings {

  /// As many nanoseconds as a whole number of Java has room for.
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private static final Pattern SHARE = Pattern.compile("[0-9]+(\\.[0-9]+)?%?");

  private final String source;
  private final SortedMap<String, IniFile.Setting> file;
  private final SortedMap<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  Settings(
      String source,
      SortedMap<String, IniFile.Setting> file,
      SortedMap<String, String> environment) {
    this.source = source;
    this.file = file;
    this.environment = environment;
    warnIfSet(
        Key.ENABLE_GRPC,
        "has no effect: the store tells of changes itself, as gRPC did in fleet v1");
    warnIfSet(Key.DISABLE_WATCHES, "has no effect: watches cost nothing, and nothing polls");
    warnIfSet(Key.VERIFY_UNITS, "has no effect: signed units are no longer supported");
    warnIfSet(Key.AUTHORIZED_KEYS_FILE, "has no effect: signed units are no longer supported");
  }

  List<String> problems() {
    return problems;
  }

  List<String> warnings() {
    return warnings;
  }

  /// Says what no key claims: a mistake in writing, or a key of another version. fleet v1 was
  /// silent.
  void warnOfUnknownKeys() {
    file.forEach(
        (key, setting) -> {
          if (!known(key)) {
            warnings.add(
                "%s:%d: %s has no effect: unknown key; did you mean %s?"
                    .formatted(source, setting.line(), key, Nearest.nearest(key, Key.texts())));
          }
        });
  }

  private static boolean known(String text) {
    for (Key key : Key.values()) {
      if (key.text().equals(text)) {
        return true;
      }
    }
    return false;
  }

  void problem(Key key, String expected, String found) {
    problems.add(
        "%s: %s: expected %s, found %s".formatted(where(key), key.text(), expected, found));
  }

  private String where(Key key) {
    if (environment.containsKey(key.variable())) {
      return key.variable();
    }
    IniFile.Setting setting = file.get(key.text());
    return setting == null ? source : source + ":" + setting.line();
  }

  void warnIfSet(Key key, String why) {
    if (isSet(key)) {
      warnings.add(where(key) + ": " + key.text() + " " + why);
    }
  }

  /// Says that whoever reaches these addresses can do anything, as nobody is asked who they are.
  ///
  /// @param remedy what to do about it
  void warnOfOpenness(Key key, List<Address> addresses, String remedy) {
    for (Address address : addresses) {
      if (!address.isLoopback()) {
        warnings.add(
            "%s: %s %s:%d asks nobody for a certificate: whoever reaches it is root on every machine"
                    .formatted(where(key), key.text(), address.host(), address.port())
                + " of the cluster, as they can start any unit there; "
                + remedy);
      }
    }
  }

  void together(Key one, Key other) {
    if (isSet(one) != isSet(other)) {
      Key there = isSet(one) ? one : other;
      Key missing = isSet(one) ? other : one;
      problem(there, missing.text() + " beside it", "none");
    }
  }

  boolean isSet(Key key) {
    return text(key).isPresent();
  }

  /// The value as it was written; empty if it is not set, or set to nothing.
  Optional<String> text(Key key) {
    String overridden = environment.get(key.variable());
    if (overridden != null) {
      return Optional.of(overridden.strip()).filter(value -> !value.isEmpty());
    }
    return Optional.ofNullable(file.get(key.text()))
        .map(IniFile.Setting::value)
        .filter(value -> !value.isEmpty());
  }

  int integer(Key key, int otherwise, int least, int most) {
    return text(key)
        .map(
            value -> {
              try {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // Reported below.
              }
              problem(key, "a whole number from " + least + " to " + most, quoted(value));
              return otherwise;
            })
        .orElse(otherwise);
  }

  /// Go's forms, as in v1, and systemd's: v1 took `yes` for false and said nothing.
  boolean flag(Key key) {
    return text(key)
        .map(
            value ->
                switch (value.toLowerCase(Locale.ROOT)) {
                  case "1", "t", "true", "y", "yes", "on" -> true;
                  case "0", "f", "false", "n", "no", "off" -> false;
                  default -> {
                    problem(key, "true or false", quoted(value));
                    yield false;
                  }
                })
        .orElse(false);
  }

  Duration duration(Key key, Duration otherwise) {
    return text(key)
        .map(
            value ->
                TimeSpan.parse(value, LONGEST)
                    .orElseGet(
                        () -> {
                          problem(key, "a duration such as 30s", quoted(value));
                          return otherwise;
                        }))
        .orElse(otherwise);
  }

  /// A duration above 0: v1 has a number of seconds, with fractions.
  Duration seconds(Key key, Duration otherwise) {
    return text(key)
        .map(
            value -> {
              Optional<Duration> duration = TimeSpan.parse(value, LONGEST);
              if (duration.isPresent() && duration.get().isPositive()) {
                return duration.get();
              }
              problem(key, "a number of seconds above 0, such as 1.5", quoted(value));
              return otherwise;
            })
        .orElse(otherwise);
  }

  /// A part of a whole, from 0 to 1: `0.5`, or in percent.
  double share(Key key, double otherwise) {
    return text(key)
        .map(
            value -> {
              if (SHARE.matcher(value).matches()) {
                double share =
                    value.endsWith("%")
                        ? Double.parseDouble(value.substring(0, value.length() - 1)) / 100
                        : Double.parseDouble(value);
                if (share <= 1) {
                  return share;
                }
              }
              problem(key, "a share from 0 to 1, such as 0.5 or 50%", quoted(value));
              return otherwise;
            })
        .orElse(otherwise);
  }

  Path path(Key key, Path otherwise) {
    return text(key)
        .map(
            value -> {
              Optional<Path> path = path(value).filter(Path::isAbsolute);
              if (path.isEmpty()) {
                problem(key, "an absolute path", quoted(value));
              }
              return path.orElse(otherwise);
            })
        .orElse(otherwise);
  }

  /// A file that must be there and be readable.
  Optional<Path> file(Key key) {
    return text(key)
        .flatMap(
            value -> {
              Optional<Path> path = path(value).filter(Files::isReadable);
              if (path.isEmpty()) {
                problem(key, "a file that can be read", quoted(value));
              }
              return path;
            });
  }

  private static Optional<Path> path(String value) {
    try {
      return Optional.of(Path.of(value));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /// `k=v,k=v`; a later key wins. v1 dropped what has no `=` in silence.
  SortedMap<String, String> metadata(Key key) {
    var metadata = new TreeMap<String, String>();
    text(key)
        .ifPresent(
            value -> {
              for (String item : value.split(",", -1)) {
                String[] pair = item.split("=", 2);
                String name = pair[0].strip();
                if (pair.length == 2 && !name.isEmpty()) {
                  metadata.put(name, pair[1].strip());
                } else if (!item.isBlank()) {
                  problem(key, "key=value pairs, separated by commas", quoted(item.strip()));
                }
              }
            });
    return metadata;
  }

  /// Addresses of etcd, in either of v1's forms: `["http://a:2379", "http://b:2379"]` or without
  /// brackets and quotes.
  List<URI> servers(Key key) {
    List<URI> servers = new ArrayList<>();
    text(key)
        .ifPresent(
            value -> {
              for (String item : value.split(",", -1)) {
                String text = item.replaceAll("^[ \\[\"]+|[ \\]\"]+$", "");
                Optional<URI> server = uri(text).filter(Settings::reachable);
                if (server.isEmpty()) {
                  problem(key, "addresses such as http://10.0.0.1:2379", quoted(text));
                }
                server.ifPresent(servers::add);
              }
            });
    return servers;
  }

  private static boolean reachable(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null
        && uri.getPort() != 0;
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  List<Address> addresses(Key key) {
    List<Address> addresses = new ArrayList<>();
    text(key)
        .ifPresent(
            value -> {
              for (String item : value.split(",", -1)) {
                Optional<Address> address = address(item.strip());
                if (address.isEmpty()) {
                  problem(key, "addresses such as 10.0.0.1:2379", quoted(item.strip()));
                }
                address.ifPresent(addresses::add);
              }
            });
    return addresses;
  }

  private static Optional<Address> address(String text) {
    return uri("tcp://" + text)
        .filter(uri -> uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= 65_535)
        .filter(uri -> uri.getRawPath().isEmpty())
        .map(uri -> new Address(uri.getHost().replaceAll("^\\[|\\]$", ""), uri.getPort()));
  }

  private static String quoted(String value) {
    return "\"" + value + "\"";
  }
}
