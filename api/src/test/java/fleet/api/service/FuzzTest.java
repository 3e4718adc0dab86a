package fleet.api.service;

import static org.junit.jupiter.api.Assertions.fail;

import fleet.api.FixedClock;
import fleet.api.TestCluster;
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
    var target = new StringBuilder("/fleet/v1");
    if (random.nextInt(3) == 0) {
      for (int i = random.nextInt(8); i > 0; i--) {
        target.append(some(PIECES));
      }
      return target.toString();
    }
    target.append(random.nextBoolean() ? "/units" : some(PIECES));
    if (random.nextInt(4) > 0) {
      target.append(random.nextBoolean() ? "/a.service" : some(PIECES));
    }
    return target.toString();
  }

  private String body() {
    return switch (random.nextInt(4)) {
      case 0 -> tokens();
      case 1 -> "{" + tokens() + "}";
      case 2 -> "{\"options\":[{" + members() + "},{" + members() + "}]}";
      default -> "[{" + members() + "}]";
    };
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
      for (int i = 0; i < REQUESTS; i++) {
        var request = new Request(some(METHODS), target(), List.of(type), body());

        Response response = cluster.service().handle(request);

        if (response.status() >= 500) {
          fail(request + " was answered by " + response);
        }
      }
    }
  }
}
