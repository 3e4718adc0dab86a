package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.agent.pace.AgentOptions;
import fleet.agent.systemd.Systemd;
import fleet.cluster.TargetState;
import fleet.testing.store.FaultyStore;
import fleet.testing.time.VirtualProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// An agent that is frozen in the midst of any step by which it starts or keeps an exclusive unit,
/// while the leader withholds the unit: what it does late has no effect (docs/decisions, 0020).
final class AgentFrozenTest {

  private static final String EXCLUSIVE = AgentScene.SERVICE + "\n[X-Fleet]\nExclusive=true\n";
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// What systemd takes at most to kill.
  private static final Duration KILLING = Duration.ofMillis(300);

  /// One machine, whose agent can be frozen at a call.
  private static final class Scene extends AgentScene implements FaultyStore.Weather {
    final VirtualProcess process = environment.process("agent");
    private final FaultyStore way = new FaultyStore(memory, this);
    private String call = "";
    private boolean after;
    private Duration span = Duration.ZERO;
    boolean frozen;

    /// At the next such call.
    void freeze(String call, boolean after, Duration span) {
      this.call = call;
      this.after = after;
      this.span = span;
    }

    private void reach(String what, boolean answered) throws InterruptedException {
      if (what.equals(call) && answered == after && !frozen) {
        frozen = true;
        process.suspend(span);
        process.sleep(Duration.ZERO);
      }
    }

    @Override
    public void out(String request) throws InterruptedException {
      reach(request, false);
    }

    @Override
    public void back(String request) throws InterruptedException {
      reach(request, true);
    }

    @Override
    Systemd driven() {
      return WatchedSystemd.of(
          systemd,
          (method, _, call) -> {
            reach(method.getName(), false);
            Object answer = call.make();
            reach(method.getName(), true);
            return answer;
          });
    }

    void begin() {
      var agent =
          new Agent(
              AgentOptions.DEFAULTS,
              process,
              way,
              keys,
              driven(),
              assignments,
              applied,
              this::machine);
      process.fork("agent", agent::run);
    }

    void launch() throws InterruptedException {
      launch("only.service", EXCLUSIVE);
    }

    void withhold() throws InterruptedException {
      assign("only.service", EXCLUSIVE, TargetState.INACTIVE, 1);
    }

    boolean runs() {
      return running().equals("[only.service]");
    }

    /// When the lease ends under which the machine is there.
    Duration leaseEnd() {
      return memory
          .read("/fleet/machines/" + ID)
          .flatMap(record -> memory.end(record.lease()))
          .orElse(environment.uptime());
    }

    void untilFrozen() throws InterruptedException {
      for (int i = 0; i < 6_000 && !frozen; i++) {
        pass(1);
      }
      assertTrue(frozen, "there was no such call: " + call);
    }

    /// That the unit has stopped by then, and stays so.
    void mustHaveStoppedAt(Duration end) throws InterruptedException {
      var ran = new ArrayList<Duration>();
      for (int i = 0; i < 1_200; i++) {
        if (runs() && environment.uptime().compareTo(end) > 0) {
          ran.add(environment.uptime());
        }
        pass(25);
      }
      assertEquals(List.of(), ran, "it should have stopped by " + end);
    }
  }

  private static final List<String> STEPS = List.of("arm", "keepAlive", "confirm");

  private static Stream<Duration> spans() {
    return Stream.iterate(500L, millis -> millis <= 16_000, millis -> millis + 1_550)
        .map(Duration::ofMillis);
  }

  private static Stream<DynamicTest> each(List<String> steps, Act act) {
    return steps.stream()
        .flatMap(
            step ->
                Stream.of(false, true)
                    .flatMap(
                        after ->
                            spans()
                                .map(
                                    span ->
                                        dynamicTest(
                                            (after ? "after " : "before ") + step + ": " + span,
                                            () -> act.run(new Scene(), step, after, span)))));
  }

  private interface Act {
    void run(Scene scene, String step, boolean after, Duration span) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> howeverLateAStepIsASwitchFiresThatWasArmedBeforeTheRenewalWasAskedFor() {
    return each(
        STEPS,
        (scene, step, after, span) ->
            scene.within(
                () -> {
                  scene.begin();
                  scene.launch();
                  scene.pass(5_000);
                  assertTrue(scene.runs());

                  scene.freeze(step, after, span);
                  scene.untilFrozen();
                  scene.withhold();

                  scene.mustHaveStoppedAt(scene.leaseEnd().plus(GRACE).plus(KILLING));
                }));
  }

  @TestFactory
  Stream<DynamicTest> aStartThatComesLateHasNoEffectOnceItsSwitchHasFired() {
    return each(
        List.of("start", "arm", "confirm", "install", "reload"),
        (scene, step, after, span) ->
            scene.within(
                () -> {
                  scene.begin();
                  scene.pass(5_000);
                  assertFalse(scene.runs());

                  scene.freeze(step, after, span);
                  scene.launch();
                  scene.untilFrozen();
                  scene.withhold();

                  scene.mustHaveStoppedAt(scene.leaseEnd().plus(GRACE).plus(KILLING));
                }));
  }

  /// As when it was only slow.
  @Test
  void anAgentThatIsFrozenForAMomentDisturbsNothing() {
    var scene = new Scene();
    scene.within(
        () -> {
          scene.begin();
          scene.launch();
          scene.pass(5_000);
          scene.asked();

          for (String step : STEPS) {
            scene.frozen = false;
            scene.freeze(step, true, Duration.ofMillis(500));
            scene.untilFrozen();
            scene.pass(3_000);
          }

          assertEquals("", scene.asked());
          assertTrue(scene.runs());
        });
  }
}
