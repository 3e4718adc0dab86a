package fleet.ctl.wait;

/// A unit that is waited for.
///
/// @param hash of the file that must have arrived on its machine, so that what the machine says of
///     the file before it is not taken for an answer; empty if any will do
public record Awaited(String name, Goal goal, String hash) {}
