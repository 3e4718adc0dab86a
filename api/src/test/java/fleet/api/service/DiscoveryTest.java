package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

  private final JsonNode document = parse(Discovery.DOCUMENT);

  private static JsonNode parse(String text) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void itIsTheApiThatClientsOfFleetV1Know() {
    assertEquals("fleet:v1", document.path("id").textValue());
    assertEquals("schema", document.path("name").textValue());
    assertEquals("v1", document.path("version").textValue());
    assertEquals("fleet/v1/", document.path("servicePath").textValue());
    assertEquals("$ENDPOINT/fleet/v1/", document.path("baseUrl").textValue());
    assertEquals('\n', Discovery.DOCUMENT.charAt(Discovery.DOCUMENT.length() - 1));
  }

  @Test
  void everyMethodIsListed() {
    List<String> methods = new ArrayList<>();
    document
        .path("resources")
        .properties()
        .forEach(
            resource ->
                resource
                    .getValue()
                    .path("methods")
                    .properties()
                    .forEach(
                        method ->
                            methods.add(
                                resource.getKey()
                                    + "."
                                    + method.getKey()
                                    + " "
                                    + method.getValue().path("httpMethod").textValue()
                                    + " "
                                    + method.getValue().path("path").textValue())));

    assertEquals(
        List.of(
            "Machines.List GET machines",
            "Units.List GET units",
            "Units.Get GET units/{unitName}",
            "Units.Delete DELETE units/{unitName}",
            "Units.Set PUT units/{unitName}",
            "UnitState.Get GET state/{unitName}",
            "UnitState.List GET state"),
        methods);
  }

  @Test
  void everyReferenceLeadsToASchema() {
    var schemas = new TreeSet<String>();
    document.path("schemas").properties().forEach(schema -> schemas.add(schema.getKey()));
    var references = new TreeSet<String>();
    document.findValues("$ref").forEach(reference -> references.add(reference.textValue()));

    assertEquals(
        "[Machine, MachinePage, Unit, UnitOption, UnitPage, UnitState, UnitStatePage]",
        schemas.toString());
    assertEquals(schemas, references);
  }
}
