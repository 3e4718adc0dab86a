package fleet.unit;

import java.util.Arrays;
import java.util.List;

/// The options of `[X-Fleet]` that mean something (fleet 1.0 `job/job.go`; those from
/// `Disconnect` on are new).
public enum FleetOption {
  MACHINE_ID("MachineID", "X-ConditionMachineID", "X-ConditionMachineBootID"),
  MACHINE_OF("X-ConditionMachineOf", "MachineOf"),
  MACHINE_METADATA("X-ConditionMachineMetadata", "MachineMetadata"),
  CONFLICTS("X-Conflicts", "Conflicts"),
  REPLACES("Replaces"),
  GLOBAL("Global"),
  DISCONNECT("Disconnect"),
  EXCLUSIVE("Exclusive"),
  FAILURE_LIMIT("FailureLimit");

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> spellings;

  FleetOption(String... spellings) {
    this.spellings = List.of(spellings);
  }

  /// How it may be written, in the order in which the values count.
  public List<String> spellings() {
    return spellings;
  }

  /// Whether that is a spelling of any of them.
  public static boolean knows(String key) {
    return Arrays.stream(values()).anyMatch(option -> option.spellings().contains(key));
  }
}
