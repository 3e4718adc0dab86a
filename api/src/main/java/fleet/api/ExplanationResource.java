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

  private static final ExplanationResource NOTHING =
      new ExplanationResource("", "", "", "", "", List.of(), List.of(), List.of());

  public static final JsonCodec<ExplanationResource> JSON =
      new RecordCodec<>(NOTHING) {
        @Override
        ExplanationResource pass(Fields fields, ExplanationResource unit) {
          return new ExplanationResource(
              fields.text("name", unit.name),
              fields.text("desiredState", unit.desiredState),
              fields.text("currentState", unit.currentState),
              fields.text("machineID", unit.machineId),
              fields.text("summary", unit.summary),
              fields.field("assigned", JsonValues.list(Assigned.JSON), unit.assigned),
              fields.field("vetoes", JsonValues.list(Veto.JSON), unit.vetoes),
              fields.field("states", JsonValues.list(State.JSON), unit.states));
        }
      };

  public static final JsonCodec<ListPage<ExplanationResource>> PAGE =
      ListPage.codec("explanations", JSON);

  public ExplanationResource {
    assigned = List.copyOf(assigned);
    vetoes = List.copyOf(vetoes);
    states = List.copyOf(states);
  }

  /// One machine that is to have the unit.
  ///
  /// @param order the number of the newest order that it is to carry out; 0 if there is none
  public record Assigned(String machineId, long order) {
    static final JsonCodec<Assigned> JSON =
        new RecordCodec<>(new Assigned("", 0)) {
          @Override
          Assigned pass(Fields fields, Assigned assigned) {
            return new Assigned(
                fields.text("machineID", assigned.machineId),
                fields.count("order", assigned.order));
          }
        };
  }

  /// Why one machine cannot take the unit.
  public record Veto(String machineId, String reason) {
    static final JsonCodec<Veto> JSON =
        new RecordCodec<>(new Veto("", "")) {
          @Override
          Veto pass(Fields fields, Veto veto) {
            return new Veto(
                fields.text("machineID", veto.machineId), fields.text("reason", veto.reason));
          }
        };
  }

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

    private static final State NOTHING =
        new State("", "", "", "", "", "", "", "", 0, List.of(), List.of(), RunResource.NONE);

    static final JsonCodec<State> JSON =
        new RecordCodec<>(NOTHING) {
          @Override
          State pass(Fields fields, State state) {
            return new State(
                fields.text("machineID", state.machineId),
                fields.text("hash", state.hash),
                fields.text("currentState", state.currentState),
                fields.text("systemdLoadState", state.systemdLoadState),
                fields.text("systemdActiveState", state.systemdActiveState),
                fields.text("systemdSubState", state.systemdSubState),
                fields.text("result", state.result),
                fields.text("problem", state.problem),
                fields.count("generation", state.generation),
                fields.field("log", JsonValues.list(JsonValues.TEXT), state.log),
                fields.field("outcomes", JsonValues.list(OutcomeResource.JSON), state.outcomes),
                RunResource.JSON.pass(fields, state.run));
          }
        };

    public State {
      log = List.copyOf(log);
      outcomes = List.copyOf(outcomes);
    }
  }
}
