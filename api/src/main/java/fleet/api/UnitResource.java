package fleet.api;

import fleet.unit.UnitOption;
import java.util.List;

/// A unit as the API shows it and takes it. An empty text stands for a field that is not there.
///
/// @param desiredState `inactive`, `loaded` or `launched`
/// @param currentState how far the unit has come, in the same words; only in answers, and for
///     global units not in all of them
/// @param machineId the machine that the unit is assigned to; only in answers, never of global
///     units
public record UnitResource(
    String name,
    String desiredState,
    String currentState,
    String machineId,
    List<UnitOption> options) {

  static final JsonCodec<List<UnitOption>> OPTIONS =
      JsonValues.list(
          new RecordCodec<>(new UnitOption("", "", "")) {
            @Override
            UnitOption pass(Fields fields, UnitOption option) {
              return new UnitOption(
                  fields.text("section", option.section()),
                  fields.text("name", option.name()),
                  fields.text("value", option.value()));
            }
          });

  public static final JsonCodec<UnitResource> JSON =
      new RecordCodec<>(new UnitResource("", "", "", "", List.of())) {
        @Override
        UnitResource pass(Fields fields, UnitResource unit) {
          return new UnitResource(
              fields.text("name", unit.name),
              fields.text("desiredState", unit.desiredState),
              fields.text("currentState", unit.currentState),
              fields.text("machineID", unit.machineId),
              fields.field("options", OPTIONS, unit.options));
        }

        @Override
        boolean takesNull() {
          return true;
        }
      };

  public static final JsonCodec<ListPage<UnitResource>> PAGE = ListPage.codec("units", JSON);

  public UnitResource {
    options = List.copyOf(options);
  }
}
