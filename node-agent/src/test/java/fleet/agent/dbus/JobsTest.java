package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.SystemdException.Unavailable;
import org.junit.jupiter.api.Test;

class JobsTest {

  private final Jobs jobs = new Jobs(2);

  @Test
  void outcomeMayComeBeforeAnybodyAsksForIt() {
    jobs.end("/job/1", JobResult.FAILED);

    assertEquals(JobResult.FAILED, jobs.outcome("/job/1").join());
  }

  @Test
  void outcomeMayComeLater() {
    var outcome = jobs.outcome("/job/1");
    assertFalse(outcome.isDone());

    jobs.end("/job/2", JobResult.CANCELED);
    jobs.end("/job/1", JobResult.DONE);

    assertEquals(JobResult.DONE, outcome.join());
  }

  @Test
  void allWhoWaitForAJobAreTold() {
    var first = jobs.outcome("/job/1");
    var second = jobs.outcome("/job/1");

    jobs.end("/job/1", JobResult.TIMEOUT);

    assertEquals(JobResult.TIMEOUT, first.join());
    assertEquals(JobResult.TIMEOUT, second.join());
  }

  @Test
  void outcomesNobodyWantedAreForgottenInTheEnd() {
    for (int i = 0; i < 10_000; i++) {
      jobs.end("/job/" + i, JobResult.DONE);
    }

    assertFalse(jobs.outcome("/job/1").isDone());
    assertTrue(jobs.outcome("/job/9999").isDone());
  }

  @Test
  void afterTheEndNobodyWaits() {
    var cause = new Unavailable("gone");
    var before = jobs.outcome("/job/1");

    jobs.lose(cause);

    assertSame(cause, before.exceptionNow());
    assertSame(cause, jobs.outcome("/job/2").exceptionNow());
  }
}
