package fleet.cluster.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fleet.cluster.MachineId;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads fields of JSON objects, and says of what it cannot read what was expected and what found.
final class JsonFields {

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFields() {}

  /// A field is not as we write it.
  static final class Misread extends RuntimeException {
    static final long serialVersionUID = 1;

    final String reason;

    Misread(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }

  /// Makes a value of an object, or throws [Misread].
  interface Reader<T> {
    T read(JsonNode object);
  }

  /// What a text in JSON means.
  static <T> Parsed<T> read(String text, Reader<T> reader) {
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isObject()) {
        return new Malformed<>("expected a JSON object, found " + excerpt(text));
      }
      return new Ok<>(reader.read(node));
    } catch (JsonProcessingException e) {
      return new Malformed<>("expected a JSON object: " + e.getOriginalMessage());
    } catch (Misread e) {
      return new Malformed<>(e.reason);
    }
  }

  static String excerpt(String text) {
    return text.length() <= 40 ? "\"" + text + "\"" : "\"" + text.substring(0, 40) + "…\"";
  }

  static String string(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isTextual()) {
      throw new Misread(field + ": expected a string, found " + found(value));
    }
    return value.textValue();
  }

  static long number(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new Misread(field + ": expected a whole number, found " + found(value));
    }
    return value.longValue();
  }

  static SortedMap<String, String> strings(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isObject()) {
      throw new Misread(field + ": expected an object, found " + found(value));
    }
    var map = new TreeMap<String, String>();
    for (var entry : value.properties()) {
      map.put(entry.getKey(), string(value, entry.getKey()));
    }
    return map;
  }

  /// Numbers by machine. An older fleet did not write any.
  static SortedMap<MachineId, Long> numbers(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isObject() && !value.isMissingNode()) {
      throw new Misread(field + ": expected an object, found " + found(value));
    }
    var map = new TreeMap<MachineId, Long>();
    for (var entry : value.properties()) {
      map.put(new MachineId(entry.getKey()), number(value, entry.getKey()));
    }
    return map;
  }

  static List<String> lines(JsonNode object, String field) {
    return elements(
        object,
        field,
        element -> {
          if (!element.isTextual()) {
            throw new Misread(field + ": expected strings, found " + found(element));
          }
          return element.textValue();
        });
  }

  /// What the elements of an array mean. An older fleet did not write any.
  static <T> List<T> elements(JsonNode object, String field, Reader<T> reader) {
    JsonNode value = object.path(field);
    if (!value.isArray() && !value.isMissingNode()) {
      throw new Misread(field + ": expected an array, found " + found(value));
    }
    var list = new ArrayList<T>();
    value.forEach(element -> list.add(reader.read(element)));
    return list;
  }

  static String found(JsonNode value) {
    return value.isMissingNode() ? "nothing" : excerpt(value.toString());
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
