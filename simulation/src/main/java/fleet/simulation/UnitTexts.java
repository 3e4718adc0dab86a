package fleet.simulation;

import java.util.List;
import java.util.random.RandomGenerator;

/// The unit files that simulated users write.
final class UnitTexts {

  private static final String SLOW_TO_STOP =
      "[Service]\nExecStart=/bin/run\nExecStop=/bin/sleep 30\n";

  private static final List<String> FILES =
      List.of(
          "[Service]\nExecStart=/bin/run\n",
          "[Service]\nExecStart=/bin/run\nExecStop=/bin/sleep 3\n",
          "[Service]\nType=oneshot\nExecStart=/bin/true\nRemainAfterExit=yes\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nConflicts=apart@*.service\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nGlobal=true\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nMachineID=" + "b".repeat(32) + "\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nMachineMetadata=disk=ssd\n",
          SLOW_TO_STOP + "[X-Fleet]\nMachineMetadata=disk=ssd\n",
          "[Service]\nType=oneshot\nExecStart=/bin/sleep 20\nRemainAfterExit=yes\n",
          "[Service]\nType=oneshot\nExecStart=/bin/sleep infinity\n",
          "[Service]\nType=oneshot\nExecStart=/bin/false\n",
          "[Service]\nType=simple\n",
          "[Service]\nExecStart=/bin/run\n\n[Install]\nAlias=other.timer\n");

  private static final String EXCLUSIVE = "\n[X-Fleet]\nExclusive=true\n";

  /// Of units that never run twice, however long they take to stop. The first run anywhere.
  private static final List<String> EXCLUSIVE_FILES =
      List.of(
          "[Service]\nExecStart=/bin/run\n" + EXCLUSIVE,
          "[Service]\nExecStart=/bin/run\nExecStop=/bin/sleep 60\nTimeoutStopSec=2\n" + EXCLUSIVE,
          "[Service]\nExecStart=/bin/run\n" + EXCLUSIVE + "MachineMetadata=disk=ssd\n",
          "[Service]\nExecStart=/bin/run\nExecStop=/bin/sleep 8\n"
              + EXCLUSIVE
              + "MachineMetadata=disk=ssd\n");

  /// Of a unit that fails wherever it goes.
  private static final String FAILING =
      "[Service]\nType=oneshot\nExecStart=/bin/false\n\n[X-Fleet]\nFailureLimit=2\n";

  private static final String STOPPING =
      "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nDisconnect=stop\n";

  private UnitTexts() {}

  /// Of a unit that may run anywhere.
  static String plain(RandomGenerator random) {
    return FILES.get(random.nextInt(2));
  }

  /// Of an exclusive unit that may run anywhere.
  static String exclusive(RandomGenerator random) {
    return EXCLUSIVE_FILES.get(random.nextInt(2));
  }

  /// One of those that a unit of such a name may have.
  static String any(String unit, RandomGenerator random) {
    if (unit.startsWith("only")) {
      return EXCLUSIVE_FILES.get(random.nextInt(EXCLUSIVE_FILES.size()));
    }
    if (unit.startsWith("away")) {
      return STOPPING;
    }
    if (unit.startsWith("fails")) {
      return FAILING;
    }
    return unit.startsWith("everywhere")
        ? FILES.get(4)
        : FILES.get(unit.startsWith("apart") ? 3 : random.nextInt(FILES.size()));
  }
}
