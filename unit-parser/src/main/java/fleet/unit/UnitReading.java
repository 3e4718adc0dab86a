package fleet.unit;

import java.util.List;

/// A unit file, and what of its text is not in it.
///
/// @param warnings one sentence for each line that systemd ignores, and that somebody may have
///     written for a purpose; in the order of the lines, and only the first if there are many
public record UnitReading(UnitFile file, List<String> warnings) {
  public UnitReading {
    warnings = List.copyOf(warnings);
  }
}
