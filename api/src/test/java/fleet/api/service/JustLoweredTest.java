package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.api.TestCluster;
import fleet.api.UnitResource;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What fleet v1's client is told of a unit that it has just lowered, and what others are.
class JustLoweredTest {

  private static final String CLIENT = "google-api-go-client/0.5";
  private static final String OTHER = "Go-http-client/1.1";
  private static final String UNIT = "a.service";
  private static final String TEXT = "[Service]\nExecStart=/bin/true\n";

  private final VirtualEnvironment world = new VirtualEnvironment(1);
  private TestCluster cluster;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void boot() throws Exception {
    cluster = new TestCluster(world, 100);
    cluster.machine("m1", "", java.util.Collections.emptySortedMap());
    cluster.desire(UNIT, TEXT, TargetState.LAUNCHED);
    cluster.assign("m1", UNIT);
    report(TargetState.LAUNCHED, "active", "running");
  }

  @AfterEach
  void shutDown() {
    world.close();
  }

  @Test
  void unitIsCalledLaunchedForItsFirstSecondAndNoLonger() throws Exception {
    play(
        () -> {
          put(CLIENT, "loaded");
          report(TargetState.LOADED, "inactive", "dead");
          for (int i = 0; i < 5; i++) {
            told.add(shown(CLIENT) + " " + listed(CLIENT));
            world.sleep(Duration.ofMillis(250));
          }
        });

    assertEquals(
        List.of(
            "launched launched",
            "launched launched",
            "launched launched",
            "launched launched",
            "loaded loaded"),
        told);
  }

  @Test
  void othersSeeTheTruthAndGetNoSecond() throws Exception {
    play(
        () -> {
          put(CLIENT, "loaded");
          report(TargetState.LOADED, "inactive", "dead");
          told.add(shown(OTHER) + " " + listed(OTHER));
          put(CLIENT, "launched");
          put(OTHER, "loaded");
          told.add(shown(CLIENT) + " " + listed(CLIENT));
        });

    assertEquals(List.of("loaded loaded", "loaded loaded"), told);
  }

  @Test
  void secondEndsOnceTheUnitIsWantedOtherwise() throws Exception {
    play(
        () -> {
          put(CLIENT, "loaded");
          report(TargetState.LOADED, "inactive", "dead");
          put(CLIENT, "launched");
          told.add(shown(CLIENT));
        });

    assertEquals(List.of("loaded"), told);
  }

  @Test
  void unitThatWasNotLaunchedIsNotCalledSo() throws Exception {
    play(
        () -> {
          put(CLIENT, "inactive");
          put(CLIENT, "loaded");
          report(TargetState.LOADED, "inactive", "dead");
          told.add(shown(CLIENT));
        });

    assertEquals(List.of("loaded"), told);
  }

  /// After `start --replace` a unit was called launched while its old text ran.
  @Test
  void textThatDoesNotRunYetIsNotLaunched() throws Exception {
    play(
        () -> {
          var body =
              "{\"desiredState\":\"launched\",\"options\":[{\"section\":\"Service\","
                  + "\"name\":\"ExecStart\",\"value\":\"/bin/other\"}]}";
          send(CLIENT, "PUT", "/fleet/v1/units/" + UNIT, body);
          told.add(shown(CLIENT) + " " + listed(OTHER));
          UnitHash hash = TestCluster.file("[Service]\nExecStart=/bin/other\n").hash();
          report(TargetState.LAUNCHED, "active", "running", hash);
          told.add(shown(CLIENT) + " " + listed(OTHER));
        });

    assertEquals(List.of("inactive inactive", "launched launched"), told);
  }

  private interface Story {
    void play() throws InterruptedException;
  }

  private void play(Story story) {
    world.fork("client", story::play);
    world.run(Duration.ofSeconds(5));
  }

  private void report(TargetState reached, String active, String sub) throws InterruptedException {
    report(reached, active, sub, TestCluster.file(TEXT).hash());
  }

  private void report(TargetState reached, String active, String sub, UnitHash hash)
      throws InterruptedException {
    cluster.report(
        "m1",
        UNIT,
        new UnitState(
            reached, 0, "loaded", active, sub, Optional.of(hash), "success", "", List.of()));
  }

  private void put(String agent, String target) throws InterruptedException {
    send(agent, "PUT", "/fleet/v1/units/" + UNIT, "{\"desiredState\":\"" + target + "\"}");
  }

  private String shown(String agent) throws InterruptedException {
    world.sleep(Duration.ofMillis(1)); // what agents have written is seen
    return UnitResource.JSON
        .read(send(agent, "GET", "/fleet/v1/units/" + UNIT, "").body())
        .orElseThrow()
        .currentState();
  }

  private String listed(String agent) throws InterruptedException {
    List<UnitResource> units =
        UnitResource.PAGE
            .read(send(agent, "GET", "/fleet/v1/units", "").body())
            .orElseThrow()
            .items();
    return units.getFirst().currentState();
  }

  private Response send(String agent, String method, String target, String body)
      throws InterruptedException {
    var headers =
        List.of(new Header("Content-Type", "application/json"), new Header("User-Agent", agent));
    return cluster.service().handle(new Request(method, target, headers, body));
  }
}
