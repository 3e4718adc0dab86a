package fleet.unit;

import java.util.Optional;

/// The kinds of units that systemd can load from a file (systemd.unit(5)).
///
/// fleet v1 also accepted `busname`, `device`, `scope` and `snapshot`, which systemd makes itself
/// or no longer knows; a file of such a name can never be loaded.
public enum UnitType {
  AUTOMOUNT,
  MOUNT,
  PATH,
  SERVICE,
  SLICE,
  SOCKET,
  SWAP,
  TARGET,
  TIMER;

  private final String suffix = name().toLowerCase(java.util.Locale.ROOT);

  /// The end of a unit's name, without the dot.
  public String suffix() {
    return suffix;
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
