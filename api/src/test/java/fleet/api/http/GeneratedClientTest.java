package fleet.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import fleet.api.TestCluster;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client that knows nothing but the description that the server gives of itself: what a
/// generator makes of it must work.
class GeneratedClientTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String UNIT =
      "{\"desiredState\":\"launched\",\"name\":\"a@1.service\",\"options\":"
          + "[{\"name\":\"ExecStart\",\"section\":\"Service\",\"value\":\"/bin/true\"}]}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final TreeSet<String> called = new TreeSet<>();
  private TestServer server;
  private JsonNode document;

  @BeforeEach
  void discover(@TempDir Path directory) throws IOException, InterruptedException {
    server = new TestServer(directory);
    document = JSON.readTree(send("GET", "fleet/v1/discovery", "").body());
  }

  @AfterEach
  void stop() throws IOException {
    http.close();
    server.close();
  }

  private HttpResponse<String> send(String method, String target, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.addresses().getLast() + "/" + target))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /// Calls a method as the document describes it, and holds the answer to its schema.
  private JsonNode call(String name, Map<String, String> parameters, String body)
      throws IOException, InterruptedException {
    called.add(name);
    String[] parts = name.split("\\.");
    JsonNode method = document.at("/resources/" + parts[0] + "/methods/" + parts[1]);
    assertEquals(method.path("request").isMissingNode(), body.isEmpty(), name + ": a body");
    String path = method.path("path").textValue();
    var query = new StringBuilder("?alt=json");
    for (var parameter : new TreeMap<>(parameters).entrySet()) {
      String value = URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8);
      switch (method.at("/parameters/" + parameter.getKey() + "/location").asText()) {
        case "path" -> path = path.replace("{" + parameter.getKey() + "}", value);
        case "query" -> query.append('&').append(parameter.getKey()).append('=').append(value);
        default -> throw new AssertionError(name + " takes no parameter " + parameter.getKey());
      }
    }
    var answer =
        send(
            method.path("httpMethod").textValue(),
            document.path("servicePath").textValue() + path + query,
            body);
    assertTrue(answer.statusCode() / 100 == 2, name + ": " + answer.statusCode());
    if (method.path("response").isMissingNode()) {
      assertEquals("", answer.body());
      return JSON.createObjectNode();
    }
    JsonNode result = JSON.readTree(answer.body());
    fits(name, result, method.path("response"));
    return result;
  }

  private void fits(String where, JsonNode value, JsonNode schema) {
    if (schema.has("$ref")) {
      fits(where, value, document.at("/schemas/" + schema.path("$ref").textValue()));
      return;
    }
    switch (schema.path("type").asText()) {
      case "string" -> {
        assertTrue(value.isTextual(), where + ": expected a string, found " + value);
        JsonNode allowed = schema.path("enum");
        boolean known = allowed.isMissingNode();
        for (JsonNode each : allowed) {
          known |= each.equals(value);
        }
        assertTrue(known, where + ": expected one of " + allowed + ", found " + value);
      }
      case "array" -> {
        assertTrue(value.isArray(), where + ": expected an array, found " + value);
        for (JsonNode each : value) {
          fits(where + "[]", each, schema.path("items"));
        }
      }
      case "object" -> {
        assertTrue(value.isObject(), where + ": expected an object, found " + value);
        for (var field : value.properties()) {
          JsonNode declared = schema.at("/properties/" + field.getKey());
          fits(
              where + "." + field.getKey(),
              field.getValue(),
              declared.isMissingNode() ? schema.path("additionalProperties") : declared);
        }
      }
      default -> throw new AssertionError(where + ": not in the description: " + value);
    }
  }

  @Test
  void everyMethodWorksAsDescribed() throws IOException, InterruptedException {
    TestCluster cluster = server.cluster();
    cluster.machine("m1", "10.0.0.1", new TreeMap<>(Map.of("disk", "ssd")));
    var unit = Map.of("unitName", "a@1.service");

    call("Units.Set", unit, UNIT);
    cluster.assign("m1", "a@1.service");
    cluster.report(
        "m1",
        "a@1.service",
        new UnitState(
            TargetState.LAUNCHED,
            0,
            "loaded",
            "active",
            "running",
            Optional.empty(),
            "success",
            "",
            List.of()));

    assertEquals("m1", call("Units.Get", unit, "").path("machineID").asText());
    assertEquals(1, call("Units.List", Map.of(), "").path("units").size());
    assertEquals(
        "10.0.0.1", call("Machines.List", Map.of(), "").at("/machines/0/primaryIP").asText());
    assertEquals("running", call("UnitState.Get", unit, "").path("systemdSubState").asText());
    assertEquals(
        1,
        call("UnitState.List", Map.of("unitName", "a@1.service", "machineID", "m1"), "")
            .path("states")
            .size());
    assertEquals(0, call("UnitState.List", Map.of("machineID", "m2"), "").path("states").size());
    call("Units.Delete", unit, "");

    var described = new TreeSet<String>();
    for (var resource : document.path("resources").properties()) {
      for (var method : resource.getValue().path("methods").properties()) {
        described.add(resource.getKey() + "." + method.getKey());
      }
    }
    assertEquals(described, called);
  }

  @Test
  void pagesAreFollowedByTheirTokens() throws IOException, InterruptedException {
    for (int i = 0; i < 250; i++) {
      server.cluster().machine("m%03d".formatted(i), "", new TreeMap<>());
    }
    int count = 0;
    Map<String, String> parameters = Map.of();
    do {
      JsonNode page = call("Machines.List", parameters, "");
      count += page.path("machines").size();
      parameters =
          page.has("nextPageToken")
              ? Map.of("nextPageToken", page.path("nextPageToken").textValue())
              : Map.of();
    } while (!parameters.isEmpty());

    assertEquals(250, count);
  }
}
