package fleet.unit;

/// The name of a unit, such as `web.service`, `web@.service` or `web@1.service`.
///
/// A template names no process: only a plain unit or an instance can be placed on a machine. The
/// split is in the types, so that no code has to ask.
public sealed interface UnitName extends Comparable<UnitName> {

  /// A name that systemd can start.
  sealed interface Placeable extends UnitName {}

  /// A unit of its own, such as `web.service`.
  record Plain(String prefix, UnitType type) implements Placeable {
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
    @Override
    public String text() {
      return prefix + "@." + type.suffix();
    }

    @Override
    public String toString() {
      return text();
    }

    /// Names the instance of this template that replaces `%i` by `instance`.
    public Instance instance(String instance) {
      return new Instance(prefix, instance, type);
    }
  }

  /// One copy of a template, such as `web@1.service`. The instance may contain further `@`.
  record Instance(String prefix, String instance, UnitType type) implements Placeable {
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

  /// The name before the last `@` or the type: what `%p` stands for (systemd.unit(5)).
  String prefix();

  /// What kind of unit it is.
  UnitType type();

  /// The full name, as `systemctl` prints it.
  String text();

  @Override
  default int compareTo(UnitName other) {
    return text().compareTo(other.text());
  }
}
