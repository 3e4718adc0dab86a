package fleet.chaos;

import java.time.Instant;

/// What a user asked for, of one unit.
///
/// @param acknowledged whether the user was told that it is so; otherwise it may have come to pass,
///     or may yet
record UserCommand(String verb, String unit, Instant from, Instant to, boolean acknowledged) {}
