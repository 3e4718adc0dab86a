package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Decision;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What becomes of orders on a real machine.
final class AgentOrdersOnNodeTest extends AgentNodeScene {

  private static final String ONESHOT = "[Service]\nType=oneshot\nExecStart=/bin/true\n";

  @Test
  void timerIsNotStartedBeforeItsServiceIsThereAndIsThen() throws InterruptedException {
    Outcome first = order("early.timer", "[Timer]\nOnActiveSec=1h\n", Kind.START, 1, 1);
    assertEquals(Result.NOT_STARTED, first.result());
    assertEquals("Refusing to start, unit early.service to trigger not loaded.", first.words());

    order("early.service", ONESHOT, Kind.LOAD, 1, 1);

    until("early.timer", state -> state.outcomes().getLast().result() == Result.DONE);
    assertEquals("active", state("early.timer").active());
  }

  @Test
  void startStartsWhatItsBindsToHasStopped() throws IOException, InterruptedException {
    order("base.service", SERVICE, Kind.START, 1, 1);
    String bound = "[Unit]\nBindsTo=base.service\nAfter=base.service\n" + SERVICE;
    assertEquals(Result.DONE, order("bound.service", bound, Kind.START, 1, 1).result());
    node.run("systemctl", "stop", "base.service");
    until("bound.service", state -> state.active().equals("inactive"));

    assertEquals(Result.DONE, order("bound.service", bound, Kind.START, 2, 1).result());

    until("bound.service", state -> state.active().equals("active"));
    until("base.service", state -> state.active().equals("active"));
  }

  @Test
  void stopStopsWhatSomebodyElseHasStarted() throws IOException, InterruptedException {
    order("idle.service", SERVICE, Kind.LOAD, 1, 1);
    node.run("systemctl", "start", "idle.service");
    until("idle.service", state -> state.active().equals("active"));

    assertEquals(Result.DONE, order("idle.service", SERVICE, Kind.STOP, 2, 1).result());

    until("idle.service", state -> state.active().equals("inactive"));
  }

  @Test
  void restartOfWhatABadDropInHasSpoiledLeavesItsInvocation()
      throws IOException, InterruptedException {
    String before = order("kept.service", SERVICE, Kind.START, 1, 1).after().invocation();
    node.run("mkdir", "-p", "/run/systemd/system/kept.service.d");
    node.run(
        "sh",
        "-c",
        "printf '[Unit]\\nRequires=gone-for-good.service\\n'"
            + " >/run/systemd/system/kept.service.d/bad.conf; systemctl daemon-reload");

    Outcome refused = order("kept.service", SERVICE, Kind.RESTART, 2, 2);
    assertEquals(Result.REFUSED, refused.result());
    assertEquals("Unit gone-for-good.service not found.", refused.words());
    assertEquals(before, refused.after().invocation());
    assertEquals("active", refused.after().active());

    node.run("rm", "-r", "/run/systemd/system/kept.service.d");
    Outcome done = order("kept.service", SERVICE, Kind.RESTART, 3, 3);
    assertEquals(Result.DONE, done.result());
    assertNotEquals(before, done.after().invocation());
  }

  @Test
  void restartOfWhatHasBeenMaskedLeavesItsInvocation() throws IOException, InterruptedException {
    String before = order("hidden.service", SERVICE, Kind.START, 1, 1).after().invocation();
    node.run("sh", "-c", "ln -s /dev/null /etc/systemd/system/hidden.service");
    node.run("systemctl", "daemon-reload");

    Outcome refused = order("hidden.service", SERVICE, Kind.RESTART, 2, 2);

    assertEquals(Result.REFUSED, refused.result());
    assertEquals(before, refused.after().invocation());
    node.run("rm", "/etc/systemd/system/hidden.service");
    node.run("systemctl", "daemon-reload");
  }

  @Test
  void anotherTextThatIsBadLeavesTheOldOneAndItsInvocation()
      throws IOException, InterruptedException {
    String before = order("old.service", SERVICE, Kind.START, 1, 1).after().invocation();

    Outcome refused = order("old.service", "[Service]\nExecStrat=/bin/true\n", Kind.START, 2, 1);

    assertEquals(Result.REFUSED, refused.result());
    assertEquals("Unit old.service has a bad unit file setting.", refused.words());
    assertEquals(before, refused.after().invocation());
    String text = node.run("systemctl", "cat", "old.service");
    assertTrue(text.contains("ExecStart=/bin/sleep infinity"), text);
    assertEquals("no\n", node.run("systemctl", "show", "--value", "-pNeedDaemonReload", "old"));
  }

  @Test
  void serviceWithoutItsProgramHasFailedAndIsInACrashLoop() throws InterruptedException {
    Outcome failed =
        order(
            "lost.service",
            "[Service]\nExecStart=/no/such/program\nRestart=always\n",
            Kind.START,
            1,
            1);

    assertEquals(Result.FAILED, failed.result());
    assertTrue(failed.words().contains("exit code 203 (EXEC)"), failed.words());
    until("lost.service", state -> state.invocation().crashLooping());
    assertEquals("exit code 203 (EXEC)", state("lost.service").invocation().exit());
  }

  @Test
  void failedJobIsNotRunAgainByTheRetryOfWhatRequiresIt() throws IOException, InterruptedException {
    String job =
        "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo ran >>/run/migrations; false'\n";
    assertEquals(Result.FAILED, order("migrate.service", job, Kind.START, 1, 1).result());
    String app = "[Unit]\nRequires=migrate.service\nAfter=migrate.service\n" + SERVICE;
    Outcome lacking = order("app.service", app, Kind.START, 1, 1);
    assertEquals(Result.NOT_STARTED, lacking.result());
    assertEquals("it needs what has failed: migrate.service", lacking.words());
    String runs = node.run("cat", "/run/migrations");

    // Later than the retry of a unit that fails at the same time.
    order("other.timer", "[Timer]\nOnActiveSec=1h\n", Kind.START, 1, 1);
    order("other.service", ONESHOT, Kind.LOAD, 1, 1);
    until("other.timer", state -> state.outcomes().getLast().result() == Result.DONE);

    assertEquals(runs, node.run("cat", "/run/migrations"));
    assertEquals("ran\nran\n", runs);
  }

  /// Gives an order, and waits for its outcome.
  private Outcome order(String unit, String text, Kind kind, long number, long generation)
      throws InterruptedException {
    TargetState target =
        switch (kind) {
          case START, RESTART -> TargetState.LAUNCHED;
          case STOP, LOAD -> TargetState.LOADED;
        };
    var order = new Order(number, new OrderId(unit + "-" + number), kind);
    var assignment =
        new Assignment(unit(unit), file(text), target, generation).by(Optional.of(order));
    decide(List.of(new Decision.Assign(ID, assignment)));
    until(unit, state -> state.outcome(order).isPresent());
    return state(unit).outcome(order).orElseThrow();
  }
}
