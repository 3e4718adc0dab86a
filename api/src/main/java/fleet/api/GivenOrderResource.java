package fleet.api;

import java.util.List;

/// An order that has been given, or was given before. Not in fleet v1.
///
/// @param number counts the orders of its unit: the outcome that bears it, or a higher one, is the
///     answer
/// @param generation of a restart: what the unit's state shows once that has been carried out, also
///     on a machine whose agent knows no orders; 0 of any other order
/// @param outcomes what became of it so far, by machine, if it was given before
public record GivenOrderResource(String id, long number, long generation, List<On> outcomes) {

  /// What became of it on one machine.
  public record On(String machineId, OutcomeResource outcome) {}

  public GivenOrderResource {
    outcomes = List.copyOf(outcomes);
  }

  /// One of which nothing became yet.
  public GivenOrderResource(String id, long number, long generation) {
    this(id, number, generation, List.of());
  }
}
