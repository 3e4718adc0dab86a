package fleet.api;

import fleet.unit.Parsed;
import fleet.unit.UnitOption;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the wire records. Total: bytes of any kind give a record or a reason.
///
/// Names of fields count in any case, as they did in fleet v1, whose clients rely on it.
public final class WireReader {

  private static final String PAGE_TOKEN = "nextPageToken";

  private WireReader() {}

  public static Parsed<UnitResource> unit(String json) {
    return JsonReader.read(json, WireReader::unit);
  }

  public static Parsed<Page<UnitResource>> units(String json) {
    return page(json, "units", WireReader::unit);
  }

  public static Parsed<Page<UnitStateResource>> states(String json) {
    return page(json, "states", WireReader::state);
  }

  public static Parsed<Page<MachineResource>> machines(String json) {
    return page(json, "machines", WireReader::machine);
  }

  public static Parsed<Page<ExplanationResource>> explanations(String json) {
    return page(json, "explanations", ExplanationFields::explanation);
  }

  public static Parsed<Page<SilentMachineResource>> silentMachines(String json) {
    return page(json, "silent", WireReader::silentMachine);
  }

  public static Parsed<ErrorResource> error(String json) {
    return JsonReader.read(
        json,
        value -> {
          var error = new ErrorResource(0, "");
          value.object();
          for (String name; (name = value.nextField()) != null; ) {
            if (name.equalsIgnoreCase("error")) {
              error = errorBody(value.object());
            } else {
              value.skip();
            }
          }
          return error;
        });
  }

  /// The machine that a restart is asked for; empty if for all.
  public static Parsed<String> restart(String json) {
    return JsonReader.read(
        json,
        value -> {
          String machine = "";
          value.objectOrNull();
          for (String name; (name = value.nextField()) != null; ) {
            if (name.equalsIgnoreCase("machineID")) {
              machine = value.text();
            } else {
              value.skip();
            }
          }
          return machine;
        });
  }

  /// What is ordered of a unit.
  public static Parsed<OrderResource> order(String json) {
    return JsonReader.read(
        json,
        value -> {
          String id = "";
          String kind = "";
          String machine = "";
          List<UnitOption> options = List.of();
          value.object();
          for (String name; (name = value.nextField()) != null; ) {
            switch (name.toLowerCase(Locale.ROOT)) {
              case "id" -> id = value.text();
              case "kind" -> kind = value.text();
              case "machineid" -> machine = value.text();
              case "options" -> options = value.list(WireReader::option);
              default -> value.skip();
            }
          }
          return new OrderResource(id, kind, machine, options);
        });
  }

  /// Which order was given.
  public static Parsed<GivenOrderResource> givenOrder(String json) {
    return JsonReader.read(
        json,
        value -> {
          String id = "";
          long number = 0;
          long generation = 0;
          List<GivenOrderResource.On> outcomes = List.of();
          value.object();
          for (String name; (name = value.nextField()) != null; ) {
            switch (name.toLowerCase(Locale.ROOT)) {
              case "id" -> id = value.text();
              case "outcomes" -> outcomes = value.list(ExplanationFields::outcome);
              case "number" -> number = value.longNumber();
              case "generation" -> generation = value.longNumber();
              default -> value.skip();
            }
          }
          return new GivenOrderResource(id, number, generation, outcomes);
        });
  }

  public static Parsed<List<MetadataOperation>> metadataOperations(String json) {
    return JsonReader.read(json, value -> value.list(WireReader::operation));
  }

  /// What to ask the next page with, if a page says that before all else, as `fleetd` and fleet v1
  /// do for units and their states: so that nobody has to read this page first.
  public static Optional<String> leadingPageToken(String json) {
    Parsed<String> token =
        JsonReader.read(
            json,
            value -> {
              String first = value.object().nextField();
              return first != null && first.equalsIgnoreCase(PAGE_TOKEN) ? value.text() : "";
            });
    return token instanceof Parsed.Ok<String>(var text) && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static <T> Parsed<Page<T>> page(String json, String items, JsonReader.Shape<T> item) {
    return JsonReader.read(
        json,
        value -> {
          List<T> list = List.of();
          String token = "";
          value.object();
          for (String name; (name = value.nextField()) != null; ) {
            if (name.equalsIgnoreCase(items)) {
              list = value.list(item);
            } else if (name.equalsIgnoreCase(PAGE_TOKEN)) {
              token = value.text();
            } else {
              value.skip();
            }
          }
          return new Page<>(list, token);
        });
  }

  private static SilentMachineResource silentMachine(JsonReader json) throws IOException {
    String machineId = "";
    List<String> units = List.of();
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "machineid" -> machineId = json.text();
        case "units" -> units = json.list(JsonReader::text);
        default -> json.skip();
      }
    }
    return new SilentMachineResource(machineId, units);
  }

  private static UnitResource unit(JsonReader json) throws IOException {
    json.objectOrNull();
    String unit = "";
    String desiredState = "";
    String currentState = "";
    String machineId = "";
    List<UnitOption> options = List.of();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "name" -> unit = json.text();
        case "desiredstate" -> desiredState = json.text();
        case "currentstate" -> currentState = json.text();
        case "machineid" -> machineId = json.text();
        case "options" -> options = json.list(WireReader::option);
        default -> json.skip();
      }
    }
    return new UnitResource(unit, desiredState, currentState, machineId, options);
  }

  private static UnitOption option(JsonReader json) throws IOException {
    String section = "";
    String option = "";
    String text = "";
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "section" -> section = json.text();
        case "name" -> option = json.text();
        case "value" -> text = json.text();
        default -> json.skip();
      }
    }
    return new UnitOption(section, option, text);
  }

  private static UnitStateResource state(JsonReader json) throws IOException {
    String unit = "";
    String hash = "";
    String machineId = "";
    String load = "";
    String active = "";
    String sub = "";
    String invocationId = "";
    long restarts = 0;
    String exit = "";
    boolean crashLooping = false;
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "name" -> unit = json.text();
        case "hash" -> hash = json.text();
        case "machineid" -> machineId = json.text();
        case "systemdloadstate" -> load = json.text();
        case "systemdactivestate" -> active = json.text();
        case "systemdsubstate" -> sub = json.text();
        case "invocationid" -> invocationId = json.text();
        case "restarts" -> restarts = json.longNumber();
        case "exit" -> exit = json.text();
        case "crashlooping" -> crashLooping = json.flag();
        default -> json.skip();
      }
    }
    return new UnitStateResource(
        unit,
        hash,
        machineId,
        load,
        active,
        sub,
        new RunResource(invocationId, restarts, exit, crashLooping));
  }

  private static MachineResource machine(JsonReader json) throws IOException {
    String id = "";
    String primaryIp = "";
    SortedMap<String, String> metadata = new TreeMap<>();
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "id" -> id = json.text();
        case "primaryip" -> primaryIp = json.text();
        case "metadata" -> metadata = json.texts();
        default -> json.skip();
      }
    }
    return new MachineResource(id, primaryIp, metadata);
  }

  private static ErrorResource errorBody(JsonReader json) throws IOException {
    int code = 0;
    String message = "";
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "code" -> code = json.number();
        case "message" -> message = json.text();
        default -> json.skip();
      }
    }
    return new ErrorResource(code, message);
  }

  private static MetadataOperation operation(JsonReader json) throws IOException {
    String op = "";
    String path = "";
    String text = "";
    json.object();
    for (String name; (name = json.nextField()) != null; ) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "op" -> op = json.text();
        case "path" -> path = json.text();
        case "value" -> text = json.atObject() ? wrapped(json) : json.text();
        default -> json.skip();
      }
    }
    return new MetadataOperation(op, path, text);
  }

  private static String wrapped(JsonReader json) throws IOException {
    String text = "";
    for (String name; (name = json.nextField()) != null; ) {
      if (name.equalsIgnoreCase("value")) {
        text = json.text();
      } else {
        json.skip();
      }
    }
    return text;
  }
}
