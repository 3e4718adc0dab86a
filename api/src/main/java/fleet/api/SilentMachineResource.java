package fleet.api;

import java.util.List;

/// A machine that should run something, is not there, and is not evicted. Not in fleet v1.
///
/// @param units what is assigned to it, by name
public record SilentMachineResource(String machineId, List<String> units) {

  private static final JsonCodec<List<String>> UNITS = JsonValues.list(JsonValues.TEXT).always();

  public static final JsonCodec<SilentMachineResource> JSON =
      new RecordCodec<>(new SilentMachineResource("", List.of())) {
        @Override
        SilentMachineResource pass(Fields fields, SilentMachineResource machine) {
          return new SilentMachineResource(
              fields.text("machineID", machine.machineId),
              fields.field("units", UNITS, machine.units));
        }
      };

  public static final JsonCodec<ListPage<SilentMachineResource>> PAGE =
      ListPage.codec("silent", JSON);

  public SilentMachineResource {
    units = List.copyOf(units);
  }
}
