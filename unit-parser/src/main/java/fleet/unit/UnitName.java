package fleet.unit;

/// The name of a unit, such as `web.service`, `web@.service` or `web@1.service`.
///
/// A template names no process: only a plain unit or an instance can be placed on a machine. The
/// split is in the types, so that no code has to ask.
///
/// Every value is a name that [#parse] reads back as the same value; a constructor that is given
/// other parts throws IllegalArgumentException.
public sealed interface UnitName extends Comparable<UnitName> {

  /// A name that systemd can start.
  sealed interface Placeable extends UnitName {}

  /// A unit of its own, such as `web.service`.
  record Plain(String prefix, UnitType type) implements Placeable {
    public Plain {
      UnitNames.require(prefix, prefix + "." + type.suffix());
    }

    @Override
    public String text() {
      return prefix + "." + type.suffix();
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /// A pattern for instances, such as `web@.service`.
  record Template(String prefix, UnitType type) implements UnitName {
    public Template {
      UnitNames.require(prefix, prefix + "@." + type.suffix());
    }

    @Override
    public String text() {
      return prefix + "@." + type.suffix();
    }

    @Override
    public String toString() {
      return text();
    }

    /// Names the instance of this template that replaces `%i` by `instance`.
    ///
    /// @throws IllegalArgumentException if that makes no name; texts of strangers go through
    ///     [UnitName#parse]
    public Instance instance(String instance) {
      return new Instance(prefix, instance, type);
    }
  }

  /// One copy of a template, such as `web@1.service`. The instance may contain further `@`.
  record Instance(String prefix, String instance, UnitType type) implements Placeable {
    public Instance {
      UnitNames.require(prefix, prefix + "@" + instance + "." + type.suffix());
      if (instance.isEmpty()) {
        throw new IllegalArgumentException(
            "instance of " + prefix + "@." + type.suffix() + ": expected a text, found none");
      }
    }

    @Override
    public String text() {
      return prefix + "@" + instance + "." + type.suffix();
    }

    @Override
    public String toString() {
      return text();
    }

    /// The template that this is an instance of.
    public Template template() {
      return new Template(prefix, type);
    }
  }

  /// The name of that text, or why it is none.
  static Parsed<UnitName> parse(String text) {
    return UnitNames.parse(text);
  }

  /// The name that an argument of `fleetctl` means, or why it is none: the last part of a path,
  /// with `.service` where it ends in no type. `dir/web` is `web.service`.
  static Parsed<UnitName> ofArgument(String argument) {
    return UnitNames.ofArgument(argument);
  }

  /// The name before the first `@` or the type: what `%p` stands for (systemd.unit(5)).
  String prefix();

  /// What kind of unit it is.
  UnitType type();

  /// The full name, as `systemctl` prints it.
  String text();

  /// The name without its type: what `%N` stands for.
  default String stem() {
    return text().substring(0, text().length() - type().suffix().length() - 1);
  }

  /// The order of the texts.
  @Override
  default int compareTo(UnitName other) {
    return UnitNames.compare(this, other);
  }
}
