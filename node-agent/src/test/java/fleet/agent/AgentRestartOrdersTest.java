package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Decision;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What becomes of orders that concern what runs, and of those that an agent finds.
final class AgentRestartOrdersTest extends OrdersScene {

  @Test
  void restartIsOneJobAndAnotherInvocation() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          asked();

          order("web.service", SERVICE, Kind.RESTART, 2, 2);
          pass(2_000);

          assertEquals("restart web.service", asked());
          Outcome outcome = last("web.service");
          assertEquals(Result.DONE, outcome.result());
          assertFalse(outcome.before().invocation().isEmpty());
          assertNotEquals(outcome.before().invocation(), outcome.after().invocation());
          assertEquals(2, state("web.service").generation());
        });
  }

  @Test
  void restartOfWhatCannotBeLoadedAnyMoreIsRefusedAndLeavesItRunning() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          String before = systemd.peek(unit("web.service")).run().invocation();
          systemd.spoil(unit("web.service"), "masked");

          order("web.service", SERVICE, Kind.RESTART, 2, 2);
          pass(60_000);

          assertEquals(
              "start#1 done; restart#2 refused: Unit web.service is masked.",
              outcomes("web.service"));
          assertEquals(before, systemd.peek(unit("web.service")).run().invocation());
          assertEquals("[web.service]", running());
          assertEquals(1, count("restart web.service"));
          assertEquals(1, state("web.service").generation());

          systemd.spoil(unit("web.service"), "loaded");
          order("web.service", SERVICE, Kind.RESTART, 3, 3);
          pass(2_000);
          assertEquals(Result.DONE, last("web.service").result());
          assertEquals(3, state("web.service").generation());
        });
  }

  @Test
  void anotherTextThatSystemdCannotStartIsRefusedAndTheOldOneRunsOn() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          String before = systemd.peek(unit("web.service")).run().invocation();

          order("web.service", BROKEN, Kind.START, 2, 1);
          pass(60_000);

          assertEquals(
              "start#1 done; start#2 refused: Unit web.service has a bad unit file setting.",
              outcomes("web.service"));
          assertUntouched(before);
          assertEquals(Optional.of(hash(SERVICE)), state("web.service").hash());
          assertTrue(problem("web.service").contains("bad unit file setting"));

          startAgent();
          pass(60_000);
          assertUntouched(before);

          order("web.service", OTHER, Kind.START, 3, 1);
          pass(3_000);
          assertEquals(Result.DONE, last("web.service").result());
          assertEquals(new OnDisk.Present(hash(OTHER)), systemd.peek(unit("web.service")).file());
        });
  }

  @Test
  void anotherTextThatRequiresWhatIsNotThereIsRefused() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          String before = systemd.peek(unit("web.service")).run().invocation();

          order("web.service", "[Unit]\nRequires=gone.service\n" + SERVICE, Kind.START, 2, 1);
          pass(5_000);

          assertEquals(
              "start#1 done; start#2 refused: Unit gone.service not found.",
              outcomes("web.service"));
          assertUntouched(before);
        });
  }

  @Test
  void laterOrderSupersedesOneThatWasNotCarriedOut() {
    within(
        () -> {
          startAgent();
          order("slow.service", SLOW_START, Kind.START, 1, 1);
          pass(3_000);
          assertEquals("", outcomes("slow.service"));

          order("slow.service", SLOW_START, Kind.STOP, 2, 1);
          pass(2_000);

          assertEquals(
              "start#1 superseded: another order came before it was carried out; stop#2 done",
              outcomes("slow.service"));
        });
  }

  @Test
  void outcomesSurviveTheAgentAndNoOrderIsCarriedOutTwice() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          order("web.service", SERVICE, Kind.RESTART, 2, 2);
          pass(2_000);
          String before = outcomes("web.service");
          asked();

          killAgent();
          startAgent();
          pass(20_000);

          assertEquals("start#1 done; restart#2 done", before);
          assertEquals(before, outcomes("web.service"));
          assertEquals("", asked());
        });
  }

  @Test
  void onlyTheLastFewOutcomesAreTold() {
    within(
        () -> {
          startAgent();
          for (int number = 1; number < 7; number++) {
            order("web.service", SERVICE, Kind.START, number, 1);
            pass(1_000);
          }
          assertEquals(
              "start#3 already; start#4 already; start#5 already; start#6 already",
              outcomes("web.service"));
        });
  }

  @Test
  void failedJobIsNotRunAgainByTheRetryOfWhatRequiresIt() {
    within(
        () -> {
          startAgent();
          order("migrate.service", FAILING, Kind.START, 1, 1);
          pass(3_000);
          order(
              "app.service",
              "[Unit]\nRequires=migrate.service\nAfter=migrate.service\n" + SERVICE,
              Kind.START,
              1,
              1);
          pass(3_000);
          String failed = systemd.peek(unit("migrate.service")).run().invocation();

          pass(120_000);
          startAgent();
          pass(120_000);

          assertEquals(
              "start#1 not-started: it needs what has failed: migrate.service",
              outcomes("app.service"));
          assertEquals(failed, systemd.peek(unit("migrate.service")).run().invocation());
        });
  }

  @Test
  void whatRequiresAFailedJobStartsWhenThatHasSucceeded() {
    within(
        () -> {
          startAgent();
          decide(
              assignment("migrate.service", FAILING, Kind.START, 1, 1),
              assignment(
                  "app.service", "[Unit]\nRequires=migrate.service\n" + SERVICE, Kind.START, 1, 1));
          pass(30_000);
          assertEquals(Result.NOT_STARTED, last("app.service").result());

          order("migrate.service", ONESHOT, Kind.START, 2, 1);
          pass(3_000);

          assertEquals(Result.DONE, last("app.service").result());
        });
  }

  @Test
  void whatAnAgentWithoutOrdersHasLeftIsAdoptedWithoutAnyJob() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("job.service", ONESHOT);
          pass(2_000);
          killAgent();
          applied.write(
              "job.service\t%s\tlaunched\t1\tNOTHING\nweb.service\t%s\tlaunched\t1\tNOTHING\n"
                  .formatted(hash(ONESHOT).text(), hash(SERVICE).text()));
          asked();
          order("web.service", SERVICE, Kind.START, 7, 1);
          order("job.service", ONESHOT, Kind.START, 3, 1);

          startAgent();
          pass(20_000);

          assertEquals("", asked());
          assertEquals("start#7 already", outcomes("web.service"));
          assertEquals(
              "start#3 uncertain: nobody knows whether it has run for this order",
              outcomes("job.service"));

          order("job.service", ONESHOT, Kind.START, 4, 1);
          pass(2_000);
          assertEquals("start job.service", asked());
        });
  }

  @Test
  void orderThatIsGivenWhileTheAgentIsAwayIsCarriedOutByTheNext() {
    within(
        () -> {
          startAgent();
          order("job.service", ONESHOT, Kind.START, 1, 1);
          pass(2_000);
          killAgent();
          asked();
          order("job.service", ONESHOT, Kind.START, 2, 1);
          startAgent();
          pass(20_000);

          assertEquals("start job.service", asked());
          assertEquals("start#1 done; start#2 done", outcomes("job.service"));
        });
  }

  @Test
  void unitThatWasMadeAnewCountsItsOrdersFromOne() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 5, 1);
          pass(2_000);
          systemd.stopsByItself(unit("web.service"));
          pass(1_000);
          decide(
              new Decision.Assign(
                  ID,
                  new Assignment(unit("web.service"), file(SERVICE), TargetState.LAUNCHED, 1)
                      .by(Optional.of(new Order(1, new OrderId("anew"), Kind.START)))));
          pass(2_000);

          assertEquals("start#5 done; start#1 done", outcomes("web.service"));
        });
  }

  @Test
  void restartOfAUnitThatWasMadeAnewIsNotTakenForTheOneBefore() {
    within(
        () -> {
          startAgent();
          order("web.service", SLOW_STOP, Kind.START, 1, 1);
          pass(2_000);
          order("web.service", SLOW_STOP, Kind.RESTART, 2, 2);
          pass(5_000);
          killAgent();
          pass(30_000);
          String before = systemd.peek(unit("web.service")).run().invocation();
          decide(
              new Decision.Assign(
                  ID,
                  new Assignment(unit("web.service"), file(SLOW_STOP), TargetState.LAUNCHED, 2)
                      .by(Optional.of(new Order(1, new OrderId("anew"), Kind.RESTART)))));

          startAgent();
          pass(30_000);

          Outcome outcome = last("web.service");
          assertEquals("restart#1 done", text(outcome));
          assertEquals(before, outcome.before().invocation());
          assertNotEquals(before, outcome.after().invocation());
        });
  }

  @Test
  void stopThatFindsWhatNobodyRemembersRunningStopsIt() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          killAgent();
          applied.write("");
          order("web.service", SERVICE, Kind.STOP, 2, 1);
          startAgent();
          pass(5_000);

          assertEquals("stop#2 done", outcomes("web.service"));
          assertEquals("[]", running());
        });
  }

  @Test
  void orderOfAnOutdatedCopyIsNotCarriedOutOnceMore() {
    within(
        () -> {
          startAgent();
          order("job.service", ONESHOT, Kind.START, 1, 1);
          pass(2_000);
          assignments.failing(Optional.of("No space left on device"));
          order("job.service", ONESHOT, Kind.START, 2, 1);
          pass(2_000);
          killAgent();
          asked();
          cable.pull();
          startAgent();
          pass(30_000);

          assertEquals("", asked());
        });
  }
}
