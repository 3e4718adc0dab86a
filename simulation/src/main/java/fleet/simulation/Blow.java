package fleet.simulation;

/// What an aimed fault does.
enum Blow {
  /// The daemon hangs.
  HANG,
  /// The daemon is killed.
  KILL,
  /// The machine is cut off.
  CUT,
  /// The call takes its time: its answer is late, or lost, and what else comes that way is late.
  DELAY,
  /// The clock of the leader's machine is set.
  CLOCK
}
