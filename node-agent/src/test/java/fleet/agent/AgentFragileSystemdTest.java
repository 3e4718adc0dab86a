package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.unit.Problems;
import fleet.cluster.Order.Kind;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What an agent does, and tells, where systemd refuses what it is asked or does not answer.
final class AgentFragileSystemdTest extends OrdersScene {

  private static final String NO = "Operation refused, unit may be requested by dependency only";
  private static final String TIMER = "[Timer]\nOnActiveSec=1h\n";

  /// The call that fails, and how.
  private String broken = "";

  private Optional<SystemdException> failure = Optional.empty();

  /// Whether it is carried out before.
  private boolean carriedOut;

  private int calls;

  /// How many installations there is room for.
  private int room = Integer.MAX_VALUE;

  private void refuse(String call) {
    fails(call, new SystemdException.Refused(NO, "org.freedesktop.systemd1.OnlyByDependency"));
  }

  private void loseAnswers(String call, boolean carriedOut) {
    fails(call, new SystemdException.Unavailable(call + " was not answered"));
    this.carriedOut = carriedOut;
  }

  private void fails(String call, SystemdException how) {
    broken = call;
    failure = Optional.of(how);
    calls = 0;
  }

  private void repair() {
    broken = "";
  }

  @Override
  Systemd driven() {
    return WatchedSystemd.of(
        systemd,
        (method, arguments, call) -> {
          if (method.getName().equals("install") && --room < 0) {
            return noRoom((SortedMap<?, ?>) arguments[0]);
          }
          boolean fails = method.getName().equals(broken);
          if (fails) {
            calls++;
          }
          if (fails && !carriedOut) {
            throw failure.orElseThrow();
          }
          Object answer = call.make();
          if (fails) {
            throw failure.orElseThrow();
          }
          return answer;
        });
  }

  private static SortedMap<Object, String> noRoom(SortedMap<?, ?> files) {
    var refused = new TreeMap<Object, String>();
    files.keySet().forEach(unit -> refused.put(unit, "No space left on device"));
    return refused;
  }

  @Test
  void startThatIsNotAnsweredIsToldOfAndTriedAgainLessAndLessOften() {
    within(
        () -> {
          startAgent();
          loseAnswers("start", false);
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(20_000);

          assertEquals("start was not answered", problem("web.service"));
          assertTrue(3 <= calls && calls <= 7, () -> calls + " starts");

          repair();
          pass(60_000);
          assertEquals("start#1 done", outcomes("web.service"));
          assertEquals("", problem("web.service"));
        });
  }

  @Test
  void startThatAStopHasOvertakenIsNoFailureHoweverItEnds() {
    within(
        () -> {
          startAgent();
          loseAnswers("start", true);
          order("slow.service", SLOW_START, Kind.START, 1, 1);
          pass(3_000);
          order("slow.service", SLOW_START, Kind.STOP, 2, 1);
          pass(500);

          assertEquals("", problem("slow.service"));
          assertTrue(outcomes("slow.service").endsWith("; stop#2 done"));
          pass(60_000);
          assertEquals(1, calls);
        });
  }

  @Test
  void stopThatIsRefusedHasFailedInSystemdsWordsAndIsTriedLessAndLessOften() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          refuse("stop");
          order("web.service", SERVICE, Kind.STOP, 2, 1);
          pass(20_000);

          assertEquals("start#1 done; stop#2 failed: " + NO, outcomes("web.service"));
          assertEquals(NO, problem("web.service"));
          assertEquals("[web.service]", running());
          assertTrue(3 <= calls && calls <= 7, () -> calls + " stops");
        });
  }

  @Test
  void restartWhoseJobFailsBeforeItStopsAnythingIsRefused() {
    within(
        () -> {
          startAgent();
          String app = "[Unit]\nRequires=migrate.service\n" + SERVICE;
          order("migrate.service", ONESHOT, Kind.START, 1, 1);
          order("app.service", app, Kind.START, 1, 1);
          pass(3_000);
          String before = systemd.peek(unit("app.service")).run().invocation();
          order("migrate.service", FAILING, Kind.START, 2, 1);
          pass(3_000);

          order("app.service", app, Kind.RESTART, 2, 2);
          pass(60_000);

          assertEquals(
              "start#1 done; restart#2 refused: it needs what has failed: migrate.service",
              outcomes("app.service"));
          assertEquals(before, systemd.peek(unit("app.service")).run().invocation());
          assertEquals("[app.service]", running());
          assertEquals(1, state("app.service").generation());
        });
  }

  @Test
  void anotherTextThatNobodyOrderedAndThatSystemdCannotStartIsTriedLessAndLessOften() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          long before = count("reload");
          launch("web.service", BROKEN);
          pass(20_000);

          assertEquals(
              Problems.REFUSED + "Unit web.service has a bad unit file setting.",
              problem("web.service"));
          long reloads = count("reload") - before; // one for the other text, and one to put back
          assertTrue(6 <= reloads && reloads <= 14, () -> reloads + " reloads");
          assertEquals("[web.service]", running());
        });
  }

  @Test
  void startThatFailsWithoutANewRunHasNotStartedThoughTheUnitHasRunBefore() {
    within(
        () -> {
          startAgent();
          order("t.service", ONESHOT, Kind.LOAD, 1, 1);
          order("t.timer", TIMER, Kind.START, 1, 1);
          pass(3_000);
          assertEquals("start#1 done", outcomes("t.timer"));
          systemd.stopsByItself(unit("t.timer"));
          unassign("t.service");
          pass(3_000);

          order("t.timer", TIMER, Kind.START, 2, 1);
          pass(3_000);

          assertEquals(
              "start#1 done; start#2 not-started: Refusing to start, unit t.service to trigger not"
                  + " loaded.",
              outcomes("t.timer"));
        });
  }

  @Test
  void reloadThatIsRefusedAfterARemovalIsAskedForAgainSoon() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          systemd.refuseReloads(1);
          asked();

          unassign("web.service");
          pass(3_000);

          assertEquals(
              lines("stop web.service", "remove web.service", "reload", "reload"), asked());
        });
  }

  @Test
  void textThatCannotBePutBackIsStillTheOneThatRuns() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          String before = systemd.peek(unit("web.service")).run().invocation();
          room = 1;
          order("web.service", BROKEN, Kind.START, 2, 1);
          pass(60_000);

          assertEquals(
              "start#1 done; start#2 refused: Unit web.service has a bad unit file setting.",
              outcomes("web.service"));
          assertEquals(Optional.of(hash(SERVICE)), state("web.service").hash());

          room = Integer.MAX_VALUE;
          pass(3_000);
          assertUntouched(before);
          assertEquals(Optional.of(hash(SERVICE)), state("web.service").hash());
        });
  }
}
