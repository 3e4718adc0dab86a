package fleet.unit;

import java.util.Arrays;
import java.util.List;

/// The options of `[X-Fleet]` that mean something (fleet 1.0 `job/job.go`; the last three are new).
enum FleetOption {
  MACHINE_ID,
  MACHINE_OF,
  MACHINE_METADATA,
  CONFLICTS,
  REPLACES,
  GLOBAL,
  DISCONNECT,
  EXCLUSIVE,
  FAILURE_LIMIT;

  /// How it may be written, in the order in which the values count.
  List<String> spellings() {
    return switch (this) {
      case MACHINE_ID -> List.of("MachineID", "X-ConditionMachineID", "X-ConditionMachineBootID");
      case MACHINE_OF -> List.of("X-ConditionMachineOf", "MachineOf");
      case MACHINE_METADATA -> List.of("X-ConditionMachineMetadata", "MachineMetadata");
      case CONFLICTS -> List.of("X-Conflicts", "Conflicts");
      case REPLACES -> List.of("Replaces");
      case GLOBAL -> List.of("Global");
      case DISCONNECT -> List.of("Disconnect");
      case EXCLUSIVE -> List.of("Exclusive");
      case FAILURE_LIMIT -> List.of("FailureLimit");
    };
  }

  /// Whether that is a spelling of any of them.
  static boolean knows(String key) {
    return Arrays.stream(values()).anyMatch(option -> option.spellings().contains(key));
  }
}
