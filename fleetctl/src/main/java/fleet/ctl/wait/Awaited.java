package fleet.ctl.wait;

/// A unit that is waited for.
///
/// @param hash of the file that must have arrived on its machine, so that what the machine says of
///     the file before it is not taken for an answer; empty if any will do
/// @param machineId the one machine whose word counts; empty if that is the machine that the unit
///     is assigned to, whichever that is
/// @param generation of the restart that the machine must have carried out; 0 if of none
public record Awaited(String name, Goal goal, String hash, String machineId, long generation) {

  /// A unit on its way to any goal but [Goal#RESTARTED].
  public Awaited(String name, Goal goal, String hash) {
    this(name, goal, hash, "", 0);
  }
}
