package fleet.api;

import fleet.unit.UnitOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Writes the wire records as JSON: compact, fields in alphabetical order, empty ones left out.
public final class WireWriter {

  private WireWriter() {}

  public static String unit(UnitResource unit) {
    var json = new JsonWriter();
    write(json, unit);
    return json.text();
  }

  public static String units(Page<UnitResource> page) {
    var json = new JsonWriter().beginObject().field("nextPageToken", page.nextPageToken());
    if (!page.items().isEmpty()) {
      json.beginArray("units");
      for (UnitResource unit : page.items()) {
        write(json, unit);
      }
      json.endArray();
    }
    return json.endObject().text();
  }

  private static void write(JsonWriter json, UnitResource unit) {
    json.beginObject()
        .field("currentState", unit.currentState())
        .field("desiredState", unit.desiredState())
        .field("machineID", unit.machineId())
        .field("name", unit.name());
    write(json, unit.options());
    json.endObject();
  }

  private static void write(JsonWriter json, List<UnitOption> options) {
    if (options.isEmpty()) {
      return;
    }
    json.beginArray("options");
    for (UnitOption option : options) {
      json.beginObject()
          .field("name", option.name())
          .field("section", option.section())
          .field("value", option.value())
          .endObject();
    }
    json.endArray();
  }

  public static String states(Page<UnitStateResource> page) {
    var json = new JsonWriter().beginObject().field("nextPageToken", page.nextPageToken());
    if (!page.items().isEmpty()) {
      json.beginArray("states");
      for (UnitStateResource state : page.items()) {
        write(json, state);
      }
      json.endArray();
    }
    return json.endObject().text();
  }

  public static String state(UnitStateResource state) {
    var json = new JsonWriter();
    write(json, state);
    return json.text();
  }

  private static void write(JsonWriter json, UnitStateResource state) {
    json.beginObject()
        .flag("crashLooping", state.run().crashLooping())
        .field("exit", state.run().exit())
        .field("hash", state.hash())
        .field("invocationID", state.run().invocationId())
        .field("machineID", state.machineId())
        .field("name", state.name())
        .count("restarts", state.run().restarts())
        .field("systemdActiveState", state.systemdActiveState())
        .field("systemdLoadState", state.systemdLoadState())
        .field("systemdSubState", state.systemdSubState())
        .endObject();
  }

  public static String machines(Page<MachineResource> page) {
    var json = new JsonWriter().beginObject();
    if (!page.items().isEmpty()) {
      json.beginArray("machines");
      for (MachineResource machine : page.items()) {
        write(json, machine);
      }
      json.endArray();
    }
    return json.field("nextPageToken", page.nextPageToken()).endObject().text();
  }

  private static void write(JsonWriter json, MachineResource machine) {
    json.beginObject().field("id", machine.id());
    if (!machine.metadata().isEmpty()) {
      json.name("metadata").beginObject();
      for (Map.Entry<String, String> entry : machine.metadata().entrySet()) {
        json.always(entry.getKey(), entry.getValue());
      }
      json.endObject();
    }
    json.field("primaryIP", machine.primaryIp()).endObject();
  }

  public static String silentMachines(Page<SilentMachineResource> page) {
    var json = new JsonWriter().beginObject().field("nextPageToken", page.nextPageToken());
    if (!page.items().isEmpty()) {
      json.beginArray("silent");
      for (SilentMachineResource machine : page.items()) {
        json.beginObject().field("machineID", machine.machineId()).beginArray("units");
        machine.units().forEach(json::element);
        json.endArray().endObject();
      }
      json.endArray();
    }
    return json.endObject().text();
  }

  public static String explanations(Page<ExplanationResource> page) {
    var json = new JsonWriter().beginObject();
    if (!page.items().isEmpty()) {
      json.beginArray("explanations");
      for (ExplanationResource explanation : page.items()) {
        ExplanationFields.write(json, explanation);
      }
      json.endArray();
    }
    return json.field("nextPageToken", page.nextPageToken()).endObject().text();
  }

  public static String restart(RestartResource restart) {
    return new JsonWriter()
        .beginObject()
        .field("generation", restart.generation())
        .endObject()
        .text();
  }

  public static String order(OrderResource order) {
    var json =
        new JsonWriter()
            .beginObject()
            .field("id", order.id())
            .field("kind", order.kind())
            .field("machineID", order.machineId());
    write(json, order.options());
    return json.endObject().text();
  }

  public static String givenOrder(GivenOrderResource order) {
    var json =
        new JsonWriter()
            .beginObject()
            .count("generation", order.generation())
            .field("id", order.id())
            .field("number", order.number());
    if (!order.outcomes().isEmpty()) {
      json.beginArray("outcomes");
      for (GivenOrderResource.On on : order.outcomes()) {
        ExplanationFields.write(json, on.machineId(), on.outcome());
      }
      json.endArray();
    }
    return json.endObject().text();
  }

  public static String daemon(DaemonState daemon) {
    var json = new JsonWriter().beginObject();
    json.name("Agent").beginObject().name("Cache").beginObject().name("TargetStates").beginObject();
    daemon.targetStates().forEach(json::always);
    json.endObject().endObject().endObject();
    json.name("UnitStatePublisher").beginObject();
    write(json, "Cache", daemon.states());
    write(json, "ToPublish", daemon.toPublish());
    json.endObject();
    json.name("UnitStateGenerator").beginObject().beginArray("Subscribed");
    daemon.states().keySet().forEach(json::element);
    return json.endArray().endObject().endObject().text();
  }

  private static void write(
      JsonWriter json, String name, SortedMap<String, UnitStateResource> states) {
    json.name(name).beginObject();
    states.forEach(
        (unit, state) ->
            json.name(unit)
                .beginObject()
                .always("LoadState", state.systemdLoadState())
                .always("ActiveState", state.systemdActiveState())
                .always("SubState", state.systemdSubState())
                .always("MachineID", state.machineId())
                .always("UnitHash", state.hash())
                .always("UnitName", state.name())
                .endObject());
    json.endObject();
  }

  /// The one body in which also an empty text is written.
  public static String error(ErrorResource error) {
    return new JsonWriter()
        .beginObject()
        .name("error")
        .beginObject()
        .field("code", error.code())
        .always("message", error.message())
        .endObject()
        .endObject()
        .text();
  }
}
