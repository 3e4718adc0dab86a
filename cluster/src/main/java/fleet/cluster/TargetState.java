package fleet.cluster;

import java.util.Optional;

/// How far a unit should come: what a user asks for with `submit`, `load` and `start`.
public enum TargetState {
  /// Known to the cluster, on no machine.
  INACTIVE("inactive"),
  /// Assigned to a machine and known to its systemd, but not started by fleet.
  LOADED("loaded"),
  /// Assigned to a machine and started there.
  LAUNCHED("launched");

  private final String text;

  TargetState(String text) {
    this.text = text;
  }

  /// The word for it in the API, in the store and on the command line.
  public String text() {
    return text;
  }

  /// The state of that word; empty for any other text. Case matters, as in fleet v1.
  public static Optional<TargetState> of(String text) {
    for (TargetState state : values()) {
      if (state.text.equals(text)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
