package fleet.ctl.console;

import fleet.unit.words.TimeSpan;
import java.time.Duration;
import java.util.Optional;

/// One flag that a command, or every command, understands: `--name=value`.
///
/// @param letter the short form, `-l`; empty if it has none. As fleet v1 took short forms with two
///     dashes, `--l` means the same.
/// @param fallback the value if the flag is not given
/// @param usage what it does, in a sentence without a full stop; empty if the help does not mention
///     it, because it is there for old scripts only
public record Flag(String name, String letter, Kind kind, String fallback, String usage) {

  private static final Duration LONGEST = Duration.ofDays(365);

  /// What a flag's value must look like.
  public enum Kind {
    SWITCH("true or false"),
    TEXT("a text"),
    WHOLE_NUMBER("a whole number"),
    SECONDS("a number of seconds"),
    DURATION("a duration such as 90s or 5m");

    private final String expectation;

    Kind(String expectation) {
      this.expectation = expectation;
    }
  }

  /// A flag that is on or off, and off unless given.
  public static Flag toggle(String name, String usage) {
    return new Flag(name, "", Kind.SWITCH, "false", usage);
  }

  /// A flag that is on or off, and on unless given.
  public static Flag toggledOn(String name, String usage) {
    return new Flag(name, "", Kind.SWITCH, "true", usage);
  }

  /// A flag that takes any text.
  public static Flag text(String name, String fallback, String usage) {
    return new Flag(name, "", Kind.TEXT, fallback, usage);
  }

  /// A flag that takes a whole number, which may be negative.
  public static Flag wholeNumber(String name, int fallback, String usage) {
    return new Flag(name, "", Kind.WHOLE_NUMBER, Integer.toString(fallback), usage);
  }

  /// A flag that takes a number of seconds, which may have decimals.
  public static Flag seconds(String name, String fallback, String usage) {
    return new Flag(name, "", Kind.SECONDS, fallback, usage);
  }

  /// A flag that takes a span of time with its unit, such as `90s` or `5m`.
  public static Flag duration(String name, String fallback, String usage) {
    return new Flag(name, "", Kind.DURATION, fallback, usage);
  }

  /// This flag, with a short form.
  public Flag or(String letter) {
    return new Flag(name, letter, kind, fallback, usage);
  }

  /// What is wrong with `value`, or empty if the flag can have it.
  Optional<String> problem(String value) {
    boolean sound =
        switch (kind) {
          case SWITCH -> isTrue(value) || isFalse(value);
          case TEXT -> true;
          case WHOLE_NUMBER -> isWholeNumber(value);
          case SECONDS -> isSeconds(value);
          case DURATION -> span(value).isPresent();
        };
    return sound
        ? Optional.empty()
        : Optional.of("expected " + kind.expectation + ", found \"" + value + "\"");
  }

  /// A span of at most a year: longer than anybody waits, and short enough to be added up.
  static Optional<Duration> span(String value) {
    return TimeSpan.parse(value, LONGEST);
  }

  /// The name of the environment variable that sets a global flag, as in fleet v1:
  /// `--ssh-username` is `FLEETCTL_SSH_USERNAME`.
  String variable() {
    var variable = new StringBuilder("FLEETCTL_");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      variable.append(c == '-' ? '_' : Character.toUpperCase(c));
    }
    return variable.toString();
  }

  /// Whether `value` means yes: the words of Go's `strconv.ParseBool`, which fleet v1 took, and
  /// those of systemd.
  static boolean isTrue(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True", "yes", "on" -> true;
      default -> false;
    };
  }

  private static boolean isFalse(String value) {
    return switch (value) {
      case "0", "f", "F", "false", "FALSE", "False", "no", "off" -> true;
      default -> false;
    };
  }

  private static boolean isWholeNumber(String value) {
    try {
      Integer.parseInt(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isSeconds(String value) {
    try {
      double seconds = Double.parseDouble(value);
      return seconds >= 0 && seconds < Integer.MAX_VALUE;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
