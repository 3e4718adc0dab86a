package fleet.cluster.registry;

import static fleet.cluster.registry.JsonFields.excerpt;
import static fleet.cluster.registry.JsonFields.lines;
import static fleet.cluster.registry.JsonFields.number;
import static fleet.cluster.registry.JsonFields.numbers;
import static fleet.cluster.registry.JsonFields.object;
import static fleet.cluster.registry.JsonFields.read;
import static fleet.cluster.registry.JsonFields.string;
import static fleet.cluster.registry.JsonFields.strings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fleet.cluster.Assignment;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.FailedPlacements;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.UnitState.Trial;
import fleet.cluster.registry.JsonFields.Misread;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes our values as JSON objects, and reads them back.
///
/// Unknown fields are ignored, so that a newer fleet can add some. Anything else that is not as we
/// write it is malformed: the store is shared, and others have hands too.
final class Codec {

  private Codec() {}

  private static UnitFile file(JsonNode object, UnitFileCache files) {
    return switch (files.parse(string(object, "contents"))) {
      case Ok<UnitFile>(var file) -> file;
      case Malformed<UnitFile>(var reason) -> throw new Misread("contents: " + reason);
    };
  }

  private static TargetState target(JsonNode object, String field) {
    String text = string(object, field);
    return TargetState.of(text)
        .orElseThrow(
            () ->
                new Misread(
                    field + ": expected inactive, loaded or launched, found " + excerpt(text)));
  }

  private static void put(ObjectNode object, String field, SortedMap<String, String> map) {
    ObjectNode inner = object.putObject(field);
    map.forEach(inner::put);
  }

  static String text(DesiredUnit unit) {
    ObjectNode object =
        object()
            .put("contents", unit.file().text())
            .put("hash", unit.file().hash().text())
            .put("target", unit.target().text())
            .put("generation", unit.restarts().everywhere());
    if (!unit.restarts().alone().isEmpty()) {
      ObjectNode alone = object.putObject("generations");
      unit.restarts().alone().forEach((machine, count) -> alone.put(machine.text(), count));
    }
    OrderFields.put(object, unit.orders());
    return object.toString();
  }

  static Parsed<DesiredUnit> unit(UnitName name, String text) {
    return unit(name, text, new UnitFileCache());
  }

  /// @param files that are known already
  static Parsed<DesiredUnit> unit(UnitName name, String text, UnitFileCache files) {
    return read(
        text,
        json ->
            DesiredUnit.of(
                name,
                file(json, files),
                target(json, "target"),
                new Restarts(number(json, "generation"), numbers(json, "generations")),
                OrderFields.orders(json)));
  }

  static String text(Assignment assignment) {
    ObjectNode object =
        object()
            .put("contents", assignment.file().text())
            .put("hash", assignment.file().hash().text())
            .put("target", assignment.target().text())
            .put("generation", assignment.generation());
    assignment.order().ifPresent(order -> OrderFields.put(object.putObject("order"), order));
    return object.toString();
  }

  static Parsed<Assignment> assignment(UnitName.Placeable unit, String text) {
    return assignment(unit, text, new UnitFileCache());
  }

  /// @param files that are known already
  static Parsed<Assignment> assignment(UnitName.Placeable unit, String text, UnitFileCache files) {
    return read(
        text,
        json ->
            new Assignment(
                unit,
                file(json, files),
                target(json, "target"),
                number(json, "generation"),
                json.has("order")
                    ? Optional.of(OrderFields.order(json.path("order")))
                    : Optional.empty()));
  }

  static String text(Machine machine) {
    ObjectNode object =
        object()
            .put("address", machine.address())
            .put("version", machine.version())
            .put("boot", machine.bootId());
    put(object, "metadata", machine.metadata());
    if (!machine.own().isEmpty()) {
      ObjectNode own = object.putObject("own");
      machine.own().forEach((unit, why) -> own.put(unit.text(), why));
    }
    return object.toString();
  }

  static Parsed<Machine> machine(MachineId id, String text) {
    return read(
        text,
        json ->
            new Machine(
                id,
                string(json, "address"),
                strings(json, "metadata"),
                string(json, "version"),
                string(json, "boot"),
                json.has("own") ? byUnit(strings(json, "own")) : new TreeMap<>()));
  }

  /// What is no unit's name is nobody's.
  private static SortedMap<UnitName.Placeable, String> byUnit(SortedMap<String, String> texts) {
    var map = new TreeMap<UnitName.Placeable, String>();
    texts.forEach(
        (text, value) -> {
          if (UnitName.parse(text) instanceof Ok<UnitName>(UnitName.Placeable unit)) {
            map.put(unit, value);
          }
        });
    return map;
  }

  static String text(SortedMap<String, String> overlay) {
    ObjectNode object = object();
    put(object, "metadata", overlay);
    return object.toString();
  }

  static Parsed<SortedMap<String, String>> overlay(String text) {
    return read(text, json -> strings(json, "metadata"));
  }

  static String text(UnitState state) {
    ObjectNode object =
        object()
            .put("reached", state.reached().text())
            .put("generation", state.generation())
            .put("load", state.load())
            .put("active", state.active())
            .put("sub", state.sub())
            .put("hash", state.hash().map(UnitHash::text).orElse(""))
            .put("result", state.result())
            .put("problem", state.problem());
    if (!state.log().isEmpty()) {
      state.log().forEach(object.putArray("log")::add);
    }
    if (state.released() != 0) {
      object.put("released", state.released());
    }
    if (state.trial().failures() > 0) {
      object.put("failures", state.trial().failures());
    }
    if (state.trial().proven()) {
      object.put("proven", true);
    }
    OrderFields.put(object, state.outcomes());
    OrderFields.put(object, state.invocation());
    if (state.own()) {
      object.put("own", true);
    }
    return object.toString();
  }

  static Parsed<UnitState> state(String text) {
    return read(
        text,
        json ->
            new UnitState(
                target(json, "reached"),
                json.has("generation") ? number(json, "generation") : 0,
                string(json, "load"),
                string(json, "active"),
                string(json, "sub"),
                Optional.of(string(json, "hash"))
                    .filter(hash -> !hash.isEmpty())
                    .map(UnitHash::new),
                string(json, "result"),
                string(json, "problem"),
                lines(json, "log"),
                json.has("released") ? number(json, "released") : 0,
                new Trial(
                    json.has("failures") ? (int) number(json, "failures") : 0,
                    json.path("proven").asBoolean()),
                OrderFields.outcomes(json),
                OrderFields.invocation(json),
                json.path("own").asBoolean()));
  }

  /// Of an explanation that refers to no reasons.
  static String text(Explanation explanation) {
    ObjectNode object = object().put("summary", explanation.summary());
    put(object, explanation.vetoes());
    return object.toString();
  }

  /// Of an explanation that shares its reasons. A fleet that does not know of that reads the
  /// summary, and no vetoes.
  static String text(String summary, String reasons) {
    ObjectNode object = object().put("summary", summary).put("reasons", reasons);
    put(object, new TreeMap<>());
    return object.toString();
  }

  static String reasons(SortedMap<MachineId, String> vetoes) {
    ObjectNode object = object();
    put(object, vetoes);
    return object.toString();
  }

  private static void put(ObjectNode object, SortedMap<MachineId, String> vetoes) {
    ObjectNode inner = object.putObject("vetoes");
    vetoes.forEach((machine, veto) -> inner.put(machine.text(), veto));
  }

  static Parsed<Explained> explanation(String text) {
    return read(
        text,
        json ->
            new Explained(
                new Explanation(string(json, "summary"), vetoes(json)),
                json.has("reasons") ? Optional.of(string(json, "reasons")) : Optional.empty()));
  }

  /// What lies under a name that does not follow from it is malformed.
  static Parsed<SortedMap<MachineId, String>> reasons(String name, String text) {
    String right = Reasons.nameOf(text);
    return right.equals(name)
        ? read(text, Codec::vetoes)
        : new Malformed<>("expected the text that the key names, found that of " + right);
  }

  private static SortedMap<MachineId, String> vetoes(JsonNode object) {
    var vetoes = new TreeMap<MachineId, String>();
    strings(object, "vetoes").forEach((id, veto) -> vetoes.put(new MachineId(id), veto));
    return vetoes;
  }

  static String text(Pause pause) {
    ObjectNode object =
        object()
            .put("overdue", pause.overdue())
            .put("machines", pause.machines())
            .put("share", pause.share());
    ArrayNode silent = object.putArray("silent");
    pause.silent().forEach(machine -> silent.add(machine.text()));
    return object.toString();
  }

  static Parsed<Pause> pause(String text) {
    return read(
        text,
        json -> {
          var silent = new TreeSet<MachineId>();
          lines(json, "silent").forEach(id -> silent.add(new MachineId(id)));
          return new Pause(
              silent,
              (int) number(json, "overdue"),
              (int) number(json, "machines"),
              json.path("share").asDouble());
        });
  }

  static String text(FailedPlacements failures) {
    ObjectNode object =
        object()
            .put("hash", failures.text().text())
            .put("restarts", failures.restarts())
            .put("moves", failures.moves());
    ArrayNode machines = object.putArray("machines");
    failures.machines().forEach(machine -> machines.add(machine.text()));
    return object.toString();
  }

  static Parsed<FailedPlacements> failures(String text) {
    return read(
        text,
        json ->
            new FailedPlacements(
                new UnitHash(string(json, "hash")),
                number(json, "restarts"),
                lines(json, "machines").stream().map(MachineId::new).toList(),
                (int) number(json, "moves")));
  }

  /// Why a machine is evicted. Nobody reads it but people: that it is there is what counts.
  static String evicted(String cause) {
    return object().put("cause", cause).toString();
  }

  static String leader(MachineId machine) {
    return object().put("machine", machine.text()).toString();
  }

  static Parsed<MachineId> leader(String text) {
    return read(text, json -> new MachineId(string(json, "machine")));
  }
}
