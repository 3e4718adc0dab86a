package fleet.api;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// Explanations as fields of JSON objects: fields in alphabetical order, empty ones left out.
final class ExplanationFields {

  private ExplanationFields() {}

  static void write(JsonWriter json, ExplanationResource explanation) {
    json.beginObject();
    if (!explanation.assigned().isEmpty()) {
      json.beginArray("assigned");
      for (ExplanationResource.Assigned each : explanation.assigned()) {
        json.beginObject()
            .field("machineID", each.machineId())
            .count("order", each.order())
            .endObject();
      }
      json.endArray();
    }
    json.field("currentState", explanation.currentState())
        .field("desiredState", explanation.desiredState())
        .field("machineID", explanation.machineId())
        .field("name", explanation.name());
    if (!explanation.states().isEmpty()) {
      json.beginArray("states");
      for (ExplanationResource.State state : explanation.states()) {
        write(json, state);
      }
      json.endArray();
    }
    json.field("summary", explanation.summary());
    if (!explanation.vetoes().isEmpty()) {
      json.beginArray("vetoes");
      for (ExplanationResource.Veto veto : explanation.vetoes()) {
        json.beginObject()
            .field("machineID", veto.machineId())
            .field("reason", veto.reason())
            .endObject();
      }
      json.endArray();
    }
    json.endObject();
  }

  private static void write(JsonWriter json, ExplanationResource.State state) {
    json.beginObject()
        .flag("crashLooping", state.run().crashLooping())
        .field("currentState", state.currentState())
        .field("exit", state.run().exit())
        .count("generation", state.generation())
        .field("hash", state.hash())
        .field("invocationID", state.run().invocationId());
    if (!state.log().isEmpty()) {
      json.beginArray("log");
      state.log().forEach(json::element);
      json.endArray();
    }
    json.field("machineID", state.machineId());
    if (!state.outcomes().isEmpty()) {
      json.beginArray("outcomes");
      for (OutcomeResource outcome : state.outcomes()) {
        write(json, "", outcome);
      }
      json.endArray();
    }
    json.field("problem", state.problem())
        .count("restarts", state.run().restarts())
        .field("result", state.result())
        .field("systemdActiveState", state.systemdActiveState())
        .field("systemdLoadState", state.systemdLoadState())
        .field("systemdSubState", state.systemdSubState())
        .endObject();
  }

  /// @param machineId whose outcome it is; empty if that is plain
  static void write(JsonWriter json, String machineId, OutcomeResource outcome) {
    json.beginObject();
    write(json, "after", outcome.after());
    write(json, "before", outcome.before());
    json.field("id", outcome.id())
        .field("kind", outcome.kind())
        .field("machineID", machineId)
        .field("number", outcome.number())
        .field("result", outcome.result())
        .field("words", outcome.words())
        .endObject();
  }

  private static void write(JsonWriter json, String name, OutcomeResource.Seen seen) {
    if (!seen.equals(OutcomeResource.Seen.NOTHING)) {
      json.name(name)
          .beginObject()
          .field("invocationID", seen.invocationId())
          .field("result", seen.result())
          .field("systemdActiveState", seen.systemdActiveState())
          .field("systemdSubState", seen.systemdSubState())
          .endObject();
    }
  }

  static ExplanationResource explanation(JsonReader json) throws IOException {
    String unit = "";
    String desiredState = "";
    String currentState = "";
    String machineId = "";
    String summary = "";
    List<ExplanationResource.Assigned> assigned = List.of();
    List<ExplanationResource.Veto> vetoes = List.of();
    List<ExplanationResource.State> states = List.of();
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "name" -> unit = json.text();
        case "desiredstate" -> desiredState = json.text();
        case "currentstate" -> currentState = json.text();
        case "machineid" -> machineId = json.text();
        case "summary" -> summary = json.text();
        case "assigned" -> assigned = json.list(ExplanationFields::assigned);
        case "vetoes" -> vetoes = json.list(ExplanationFields::veto);
        case "states" -> states = json.list(ExplanationFields::explainedState);
        default -> json.skip();
      }
    }
    return new ExplanationResource(
        unit, desiredState, currentState, machineId, summary, assigned, vetoes, states);
  }

  private static ExplanationResource.Assigned assigned(JsonReader json) throws IOException {
    String machineId = "";
    long order = 0;
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "machineid" -> machineId = json.text();
        case "order" -> order = json.longNumber();
        default -> json.skip();
      }
    }
    return new ExplanationResource.Assigned(machineId, order);
  }

  private static ExplanationResource.Veto veto(JsonReader json) throws IOException {
    String machineId = "";
    String reason = "";
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "machineid" -> machineId = json.text();
        case "reason" -> reason = json.text();
        default -> json.skip();
      }
    }
    return new ExplanationResource.Veto(machineId, reason);
  }

  private static ExplanationResource.State explainedState(JsonReader json) throws IOException {
    String machineId = "";
    String hash = "";
    String currentState = "";
    String load = "";
    String active = "";
    String sub = "";
    String result = "";
    String problem = "";
    long generation = 0;
    List<String> log = List.of();
    List<OutcomeResource> outcomes = List.of();
    String invocationId = "";
    long restarts = 0;
    String exit = "";
    boolean crashLooping = false;
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "machineid" -> machineId = json.text();
        case "hash" -> hash = json.text();
        case "currentstate" -> currentState = json.text();
        case "systemdloadstate" -> load = json.text();
        case "systemdactivestate" -> active = json.text();
        case "systemdsubstate" -> sub = json.text();
        case "result" -> result = json.text();
        case "problem" -> problem = json.text();
        case "generation" -> generation = json.longNumber();
        case "log" -> log = json.list(JsonReader::text);
        case "outcomes" -> outcomes = json.list(each -> outcome(each).outcome());
        case "invocationid" -> invocationId = json.text();
        case "restarts" -> restarts = json.longNumber();
        case "exit" -> exit = json.text();
        case "crashlooping" -> crashLooping = json.flag();
        default -> json.skip();
      }
    }
    return new ExplanationResource.State(
        machineId,
        hash,
        currentState,
        load,
        active,
        sub,
        result,
        problem,
        generation,
        log,
        outcomes,
        new RunResource(invocationId, restarts, exit, crashLooping));
  }

  static GivenOrderResource.On outcome(JsonReader json) throws IOException {
    String machineId = "";
    long number = 0;
    String id = "";
    String kind = "";
    String result = "";
    String words = "";
    OutcomeResource.Seen before = OutcomeResource.Seen.NOTHING;
    OutcomeResource.Seen after = OutcomeResource.Seen.NOTHING;
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "machineid" -> machineId = json.text();
        case "number" -> number = json.longNumber();
        case "id" -> id = json.text();
        case "kind" -> kind = json.text();
        case "result" -> result = json.text();
        case "words" -> words = json.text();
        case "before" -> before = seen(json);
        case "after" -> after = seen(json);
        default -> json.skip();
      }
    }
    return new GivenOrderResource.On(
        machineId, new OutcomeResource(number, id, kind, result, words, before, after));
  }

  private static OutcomeResource.Seen seen(JsonReader json) throws IOException {
    String active = "";
    String sub = "";
    String result = "";
    String invocationId = "";
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "systemdactivestate" -> active = json.text();
        case "systemdsubstate" -> sub = json.text();
        case "result" -> result = json.text();
        case "invocationid" -> invocationId = json.text();
        default -> json.skip();
      }
    }
    return new OutcomeResource.Seen(active, sub, result, invocationId);
  }
}
