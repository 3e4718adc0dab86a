package fleet.api;

/// An order that has been given, or was given before. Not in fleet v1.
///
/// @param number counts the orders of its unit: the outcome that bears it, or a higher one, is the
///     answer
public record GivenOrderResource(String id, long number) {}
