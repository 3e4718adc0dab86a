package fleet.unit;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;

/// Reads unit names.
final class UnitNames {

  private UnitNames() {}

  static Parsed<UnitName> parse(String text) {
    int dot = text.lastIndexOf('.');
    if (dot < 0) {
      return new Malformed<>("unit name must contain \".\"");
    }
    var type = UnitType.of(text.substring(dot + 1));
    if (type.isEmpty()) {
      return new Malformed<>("invalid unit type: \"" + text.substring(dot + 1) + "\"");
    }
    String name = text.substring(0, dot);
    int at = name.indexOf('@');
    if (at < 0) {
      return new Ok<>(new UnitName.Plain(name, type.get()));
    }
    String instance = name.substring(at + 1);
    return new Ok<>(
        instance.isEmpty()
            ? new UnitName.Template(name.substring(0, at), type.get())
            : new UnitName.Instance(name.substring(0, at), instance, type.get()));
  }
}
