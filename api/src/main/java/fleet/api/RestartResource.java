package fleet.api;

/// Which restart a client has asked for. Not in fleet v1.
///
/// @param generation that the state of the unit shows once the restart has been carried out: on the
///     machine that it was asked for, or else on every machine that has the unit
public record RestartResource(long generation) {}
