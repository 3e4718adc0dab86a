package fleet.unit;

/// One option of a unit file: `name=value` under `[section]`. Any of the three may be empty.
///
/// @param value as it is written: a value of several lines has backslashes and line feeds in it
public record UnitOption(String section, String name, String value) {

  /// The value as systemd takes it: its lines joined, comments between them left out.
  public String meaning() {
    return LogicalLine.meaning(value);
  }
}
