package fleet.unit;

import java.util.Locale;
import java.util.Optional;

/// The kinds of units that systemd can load from a file and start (systemd.unit(5)).
///
/// fleet 1.0 also accepted `busname`, `device`, `scope` and `snapshot`, which systemd makes itself
/// or no longer knows: such a unit could never run. [UnitNames] says so to whoever asks for one.
public enum UnitType {
  AUTOMOUNT(false),
  MOUNT(false),
  PATH(true),
  SERVICE(true),
  SLICE(false),
  SOCKET(true),
  SWAP(false),
  TARGET(true),
  TIMER(true);

  private final String suffix = name().toLowerCase(Locale.ROOT);
  private final boolean templatable;

  UnitType(boolean templatable) {
    this.templatable = templatable;
  }

  /// The end of a unit's name, without the dot.
  public String suffix() {
    return suffix;
  }

  /// Whether units of this type can be made from a template.
  ///
  /// systemd.automount(5), systemd.mount(5), systemd.slice(5) and systemd.swap(5) each say that
  /// theirs "cannot be templated", because their names stand for a path. The other five are those
  /// that fleet 1.0 allowed.
  public boolean templatable() {
    return templatable;
  }

  /// The type of that suffix, if systemd can load it from a file.
  public static Optional<UnitType> of(String suffix) {
    for (UnitType type : values()) {
      if (type.suffix.equals(suffix)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
