package fleet.api;

import java.util.List;

/// All that is known of where a unit stands and why it is not where it should be: what a client
/// that waits for the unit needs in one answer. Not in fleet v1. An empty text stands for a field
/// that is not there.
///
/// @param desiredState, currentState as in [UnitResource]; not there if the unit has been
///     destroyed, or if its record cannot be read
/// @param machineId as in [UnitResource]; of a unit that has been destroyed the machine that it is
///     yet to be taken off
/// @param summary why the unit is on no machine, or why its record cannot be read, in one sentence
/// @param assigned which machines are to have it, of those that are present, by machine
/// @param vetoes why each machine that was considered cannot take it, by machine; none if the
///     reason is not the unit's, so that it may pass soon: nobody leads, or there is no machine
/// @param states what the machines report of it, by machine
public record ExplanationResource(
    String name,
    String desiredState,
    String currentState,
    String machineId,
    String summary,
    List<Assigned> assigned,
    List<Veto> vetoes,
    List<State> states) {

  public ExplanationResource {
    assigned = List.copyOf(assigned);
    vetoes = List.copyOf(vetoes);
    states = List.copyOf(states);
  }

  /// Of a unit that no machine is to have, or of which nobody asks which is.
  public ExplanationResource(
      String name,
      String desiredState,
      String currentState,
      String machineId,
      String summary,
      List<Veto> vetoes,
      List<State> states) {
    this(name, desiredState, currentState, machineId, summary, List.of(), vetoes, states);
  }

  /// One machine that is to have the unit.
  ///
  /// @param order the number of the newest order that it is to carry out; 0 if there is none
  public record Assigned(String machineId, long order) {}

  /// Why one machine cannot take the unit.
  public record Veto(String machineId, String reason) {}

  /// What one machine reports of the unit.
  ///
  /// @param hash, systemdLoadState, systemdActiveState, systemdSubState as in [UnitStateResource]
  /// @param currentState how far its agent has brought it, by its own account: `launched` once its
  ///     start has been carried out; empty from a server of an earlier fleet
  /// @param result systemd's word for how the unit last ended: `success`, `exit-code`, `timeout`
  /// @param problem what keeps the machine's agent from bringing the unit as far as it should be
  /// @param generation of the restart that the machine has last carried out; 0 before the first,
  ///     and while it is at one
  /// @param log the last lines of its journal, the newest last, if its start has failed or it has
  ///     failed since
  /// @param outcomes of the last few orders that it has carried out, the newest last
  /// @param run its present or last run there
  public record State(
      String machineId,
      String hash,
      String currentState,
      String systemdLoadState,
      String systemdActiveState,
      String systemdSubState,
      String result,
      String problem,
      long generation,
      List<String> log,
      List<OutcomeResource> outcomes,
      RunResource run) {

    public State {
      log = List.copyOf(log);
      outcomes = List.copyOf(outcomes);
    }

    /// Of a unit of which nothing was ordered.
    public State(
        String machineId,
        String hash,
        String currentState,
        String systemdLoadState,
        String systemdActiveState,
        String systemdSubState,
        String result,
        String problem,
        long generation,
        List<String> log) {
      this(
          machineId,
          hash,
          currentState,
          systemdLoadState,
          systemdActiveState,
          systemdSubState,
          result,
          problem,
          generation,
          log,
          List.of(),
          RunResource.NONE);
    }
  }
}
