package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import fleet.api.FixedClock;
import fleet.api.TestCluster;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// No request, however odd, may be more than the server can answer for.
class FuzzTest {

  private static final int REQUESTS = 20_000;

  private static final List<String> METHODS =
      List.of("GET", "PUT", "PUT", "PUT", "DELETE", "PATCH", "PATCH", "POST", "HEAD", "");

  private static final List<String> PIECES =
      List.of(
          "/",
          "/fleet/v1",
          "/units",
          "/a.service",
          "/b@.service",
          "/b@1.service",
          "/restart",
          "/state",
          "/machines",
          "/discovery",
          "/explanations",
          "/metrics",
          "..",
          "%",
          "%2F",
          "%00",
          "%ff",
          "?",
          "&",
          "=",
          "nextPageToken",
          "unitName",
          "ZAABAA==",
          "ZAD__w==",
          "\u00ff");

  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "null",
          "true",
          "-1",
          "1e999",
          "\"name\"",
          "\"options\"",
          "\"section\"",
          "\"value\"",
          "\"Service\"",
          "\"X-Fleet\"",
          "\"Conflicts\"",
          "\"[*\"",
          "\"MachineMetadata\"",
          "\"desiredState\"",
          "\"launched\"",
          "\"a.service\"",
          "\"op\"",
          "\"add\"",
          "\"machineID\"",
          "\"path\"",
          "\"/m/metadata/k\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\n\"",
          "\"[A]\\nB=c\\n[\"",
          "\"%n%\\\\\"",
          "\"\ufffd\"",
          "\\",
          "\"");

  private final SplittableRandom random = new SplittableRandom(20261122);

  private String some(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String target() {
    if (random.nextInt(3) > 0) {
      return some(
          List.of(
              "/fleet/v1/units/a.service",
              "/fleet/v1/units/b@.service",
              "/fleet/v1/units/b@1.service",
              "/fleet/v1/units/a.service/restart",
              "/fleet/v1/units",
              "/v1-alpha/machines",
              "/v1-alpha/state?unitName=a.service"));
    }
    var target = new StringBuilder("/fleet/v1");
    for (int i = random.nextInt(8); i > 0; i--) {
      target.append(some(PIECES));
    }
    return target.toString();
  }

  private String body() {
    return switch (random.nextInt(8)) {
      case 0 -> tokens();
      case 1 -> "{" + members() + "}";
      case 2 -> "[{" + members() + "}]";
      case 3 -> "[{\"op\":\"add\",\"path\":\"/m/metadata/k\",\"value\":" + some(TOKENS) + "}]";
      case 4 -> "{\"desiredState\":" + some(TOKENS) + "}";
      default -> "{\"options\":[%s,%s],\"desiredState\":\"loaded\"}".formatted(option(), option());
    };
  }

  private String option() {
    return "{\"section\":%s,\"name\":%s,\"value\":%s}"
        .formatted(text("Service", "X-Fleet"), text("ExecStart", "Conflicts"), text("a", "b.*"));
  }

  /// A sensible text, or an odd one.
  private String text(String... sensible) {
    if (random.nextInt(5) > 0) {
      return "\"" + some(List.of(sensible)) + "\"";
    }
    return some(TOKENS.stream().filter(token -> token.length() > 1).toList());
  }

  private String tokens() {
    var body = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      body.append(some(TOKENS));
    }
    return body.toString();
  }

  private String members() {
    var body = new StringBuilder("\"x\":0");
    for (int i = random.nextInt(6); i > 0; i--) {
      body.append(',').append(some(TOKENS)).append(':').append(some(TOKENS));
    }
    return body.toString();
  }

  @Test
  void noRequestIsAnsweredByAFailureOfTheServer() throws InterruptedException {
    var type = new Header("Content-Type", "application/json");
    try (var cluster = new TestCluster(new FixedClock(), 100)) {
      int accepted = 0;
      for (int i = 0; i < REQUESTS; i++) {
        var request = new Request(some(METHODS), target(), List.of(type), body());

        Response response = cluster.service().handle(request);

        if (response.status() >= 500) {
          fail(request + " was answered by " + response);
        }
        accepted += response.status() < 300 ? 1 : 0;
      }
      assertTrue(accepted > REQUESTS / 20, accepted + " requests made sense");
    }
  }
}
