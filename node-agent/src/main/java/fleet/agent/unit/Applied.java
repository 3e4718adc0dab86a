package fleet.agent.unit;

import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.unit.UnitHash;
import java.util.Optional;

/// How far a unit has been brought here, and in which text.
///
/// @param hash of the file that systemd has read
/// @param target [TargetState#LOADED] once that has happened, or once the unit has been stopped
///     again; [TargetState#LAUNCHED] from when its start is asked for, also if it has ended since
/// @param generation of the assignment that this followed
/// @param underway what was asked for and has not been answered; noted before it is asked for, as
///     the agent may be killed before it hears of the outcome
/// @param before the invocation that the unit was in, or had been in last, when its start or
///     restart was asked for: one in another has been started since; empty if nobody knows
public record Applied(
    UnitHash hash,
    TargetState target,
    long generation,
    Underway underway,
    Optional<String> before) {

  /// What may have happened, or not.
  public enum Underway {
    NOTHING,
    START,
    STOP,
    RESTART,
    /// Nobody knows: the agent before could not note what it did.
    ANYTHING
  }

  /// All of it has been carried out.
  public Applied(UnitHash hash, TargetState target, long generation) {
    this(hash, target, generation, Underway.NOTHING);
  }

  /// So much is under way, and nobody knows of the unit's invocation.
  public Applied(UnitHash hash, TargetState target, long generation, Underway underway) {
    this(hash, target, generation, underway, Optional.empty());
  }

  /// All that an assignment asks for has been carried out, up to that target.
  public static Applied of(Assignment assignment, TargetState target) {
    return new Applied(assignment.file().hash(), target, assignment.generation());
  }

  /// Whether a unit has been started since its start or restart was asked for, for certain.
  public boolean hasRunSince(LocalUnit observed) {
    String present = observed.run().invocation();
    return !present.isEmpty() && before.filter(earlier -> !earlier.equals(present)).isPresent();
  }

  /// How far the unit has come for certain.
  public TargetState reached() {
    return underway == Underway.START ? TargetState.LOADED : target;
  }

  /// The generation, once all of it is carried out; 0 until then.
  public long carriedOut() {
    return underway == Underway.NOTHING ? generation : 0;
  }

  /// The same, read from notes that are older than what was done.
  public Applied stale() {
    return new Applied(hash, target, generation, Underway.ANYTHING);
  }

  /// The same, for an agent that does not see what becomes of the unit until it reads this: what
  /// was started may have been stopped by a dead man's switch.
  public Applied uncertain() {
    boolean up =
        switch (underway) {
          case NOTHING, START, RESTART -> true;
          case STOP, ANYTHING -> false;
        };
    return target == TargetState.LAUNCHED && up ? starting() : this;
  }

  /// The same, but for that it may have to be started again.
  public Applied starting() {
    return new Applied(hash, target, generation, Underway.START);
  }

  public Applied stopping() {
    return new Applied(hash, target, generation, Underway.STOP);
  }

  public Applied stopped() {
    return new Applied(hash, TargetState.LOADED, generation);
  }
}
