package fleet.unit;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads unit names by the rules of fleet 1.0 (`api/units.go`), in its order and with its messages.
///
/// Stricter than fleet 1.0 where systemd would never load the unit (systemd.unit(5)): 256 bytes are
/// one too many, nothing before the dot is no name, and four types come from no file.
final class UnitNames {

  /// systemd.unit(5): "must not exceed 255 characters". fleet 1.0 said 256, which no file can have.
  static final int LONGEST = 255;

  private static final String PUNCTUATION = ":-_.\\@";

  private UnitNames() {}

  static Parsed<UnitName> parse(String text) {
    var objection = objection(text);
    return objection.isPresent() ? new Malformed<>(objection.get()) : new Ok<>(split(text));
  }

  /// Why that text names no unit: the first rule that it breaks.
  static Optional<String> objection(String text) {
    if (text.isEmpty()) {
      return Optional.of("unit name cannot be empty");
    }
    if (text.length() > LONGEST || text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      return Optional.of("unit name exceeds maximum length (" + LONGEST + ")");
    }
    int dot = text.lastIndexOf('.');
    if (dot < 0) {
      return Optional.of("unit name must contain \".\"");
    }
    String suffix = text.substring(dot + 1);
    if (suffix.isEmpty()) {
      return Optional.of("unit name cannot end in \".\"");
    }
    var type = UnitType.of(suffix);
    if (type.isEmpty()) {
      return Optional.of("invalid unit type: " + Quoted.text(suffix) + whyNoType(suffix));
    }
    if (!type.get().templatable() && text.indexOf('@') >= 0) {
      return Optional.of("invalid unit type for template: " + Quoted.text(suffix));
    }
    for (int i = 0; i < dot; i++) {
      if (!allowed(text.charAt(i))) {
        return Optional.of(
            "invalid character " + Quoted.character(text.codePointAt(i)) + " in unit name");
      }
    }
    if (text.startsWith("@")) {
      return Optional.of("unit name cannot start in \"@\"");
    }
    if (dot == 0) {
      return Optional.of("unit name must have something before " + Quoted.text(text));
    }
    return Optional.empty();
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || PUNCTUATION.indexOf(c) >= 0;
  }

  private static String whyNoType(String suffix) {
    return switch (suffix) {
      case "busname", "snapshot" -> ": systemd no longer knows " + suffix + " units";
      case "device" -> ": systemd makes device units itself, for the devices that are there";
      case "scope" -> ": systemd makes scope units itself and loads none from a file";
      default -> "";
    };
  }

  private static UnitName split(String text) {
    int dot = text.lastIndexOf('.');
    int at = text.indexOf('@');
    UnitType type = UnitType.of(text.substring(dot + 1)).orElseThrow();
    if (at < 0) {
      return new UnitName.Plain(text.substring(0, dot), type);
    }
    String prefix = text.substring(0, at);
    return at + 1 == dot
        ? new UnitName.Template(prefix, type)
        : new UnitName.Instance(prefix, text.substring(at + 1, dot), type);
  }

  /// The name that a user means by an argument of `fleetctl`: `dir/web` is `web.service`.
  ///
  /// fleet 1.0 (`fleetctl/fleetctl.go`) did so too, but took only seven types for types, so that
  /// `a.target` became `a.target.service`.
  static Parsed<UnitName> ofArgument(String argument) {
    int end = argument.length();
    while (end > 0 && argument.charAt(end - 1) == '/') {
      end--;
    }
    String name = argument.substring(argument.lastIndexOf('/', end - 1) + 1, end);
    return parse(name.isEmpty() || hasType(name) ? name : name + ".service");
  }

  /// Whether the name ends in a type, even one that comes from no file.
  private static boolean hasType(String name) {
    int dot = name.lastIndexOf('.');
    String suffix = name.substring(dot + 1);
    return dot >= 0 && (UnitType.of(suffix).isPresent() || !whyNoType(suffix).isEmpty());
  }

  /// Holds the parts of a name to what [#parse] makes: together they are a name, split where it
  /// would split it.
  ///
  /// @throws IllegalArgumentException if they are not
  static void require(String prefix, String text) {
    objection(text)
        .ifPresent(
            objection -> {
              throw new IllegalArgumentException(Quoted.text(text) + ": " + objection);
            });
    if (prefix.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "prefix of a unit name: expected no \"@\", found " + Quoted.text(prefix));
    }
  }

  /// Compares the texts of two names; most without making them.
  static int compare(UnitName one, UnitName other) {
    if (one.equals(other)) {
      return 0;
    }
    if (!startAlike(one.prefix(), other.prefix())) {
      return one.prefix().compareTo(other.prefix());
    }
    if (one instanceof UnitName.Instance(var prefix, var instance, _)
        && other instanceof UnitName.Instance(var otherPrefix, var otherInstance, _)
        && prefix.equals(otherPrefix)
        && !startAlike(instance, otherInstance)) {
      return instance.compareTo(otherInstance);
    }
    return one.text().compareTo(other.text());
  }

  private static boolean startAlike(String one, String other) {
    return one.startsWith(other) || other.startsWith(one);
  }
}
