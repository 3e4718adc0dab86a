package fleet.api;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a daemon shows of itself when it is sent USR1: fleet v1's form.
///
/// @param targetStates how far each unit of this machine should come: `loaded` or `launched`
/// @param states what the machine says of each of its units
/// @param toPublish that of it which the store does not say yet
public record DaemonState(
    SortedMap<String, String> targetStates,
    SortedMap<String, UnitStateResource> states,
    SortedMap<String, UnitStateResource> toPublish) {

  public DaemonState {
    targetStates = Collections.unmodifiableSortedMap(new TreeMap<>(targetStates));
    states = Collections.unmodifiableSortedMap(new TreeMap<>(states));
    toPublish = Collections.unmodifiableSortedMap(new TreeMap<>(toPublish));
  }

  /// The state as fleet v1 wrote it, whose fields are in no order and never left out.
  public String json() {
    var json = new JsonWriter().beginObject();
    json.name("Agent").beginObject().name("Cache").beginObject().name("TargetStates").beginObject();
    targetStates.forEach((unit, target) -> json.name(unit).value(target));
    json.endObject().endObject().endObject();
    json.name("UnitStatePublisher").beginObject();
    write(json, "Cache", states);
    write(json, "ToPublish", toPublish);
    json.endObject();
    json.name("UnitStateGenerator").beginObject().name("Subscribed").beginArray();
    states.keySet().forEach(json::value);
    return json.endArray().endObject().endObject().text();
  }

  private static void write(
      JsonWriter json, String name, SortedMap<String, UnitStateResource> states) {
    json.name(name).beginObject();
    states.forEach(
        (unit, state) -> {
          json.name(unit).beginObject();
          json.name("LoadState").value(state.systemdLoadState());
          json.name("ActiveState").value(state.systemdActiveState());
          json.name("SubState").value(state.systemdSubState());
          json.name("MachineID").value(state.machineId());
          json.name("UnitHash").value(state.hash());
          json.name("UnitName").value(state.name());
          json.endObject();
        });
    json.endObject();
  }
}
