package fleet.unit;

/// One line of a unit file: `name=value` under `[section]`. Any of the three may be empty.
public record UnitOption(String section, String name, String value) {}
