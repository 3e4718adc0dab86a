package fleet.agent.dbus;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.freedesktop.dbus.types.Variant;

/// Has systemd start and stop units, and waits for how that ends.
final class JobRunner {

  /// How long a signal that has come may take to be handled.
  private static final Duration SIGNAL_LAG = Duration.ofSeconds(1);

  private final Duration callLimit;

  private final Duration check;

  /// @param callLimit how long an answer may take
  /// @param check how often to ask whether a job is still there, in case that the signal of its end
  ///     was lost
  JobRunner(Duration callLimit, Duration check) {
    this.callLimit = callLimit;
    this.check = check;
  }

  /// Clears failures first, as a unit may have been started too often in a short time: that limit
  /// (`StartLimitBurst=`) is for restarts, not for what users ask.
  JobResult start(Link link, UnitName.Placeable unit, Duration limit) throws InterruptedException {
    return up(
        link, unit, "start", Request.manager("StartUnit", "ss", unit.text(), "replace"), limit);
  }

  /// systemd makes sure that it can start the unit before it stops it. Clears failures first, as
  /// [#start] does; restarts by `Restart=` are then counted anew.
  JobResult restart(Link link, UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException {
    Request request =
        invocation.isEmpty()
            ? Request.manager("RestartUnit", "ss", unit.text(), "replace")
            : Request.unit(UnitPath.of(invocation), "Restart", "s", "replace");
    return up(link, unit, "restart", request, limit);
  }

  private JobResult up(
      Link link, UnitName.Placeable unit, String what, Request request, Duration limit)
      throws InterruptedException {
    var job = new Asked(link, what + " of " + unit, link.jobs().starts(), limit);
    return switch (job.ask(Request.manager("ResetFailedUnit", "s", unit.text()), request)) {
      case Reply.Answer(var values) -> job.outcome(values.getFirst().toString());
      case Reply.Refusal refusal when refusal.noSuchInvocation() ->
          throw new Unavailable(what + " of " + unit + ": it is in another invocation");
      case Reply.Refusal refusal -> throw refusal.exception();
    };
  }

  /// Whether files of the unit, such as drop-ins, have changed since systemd read them.
  boolean needsReload(Link link, UnitName.Placeable unit) throws InterruptedException {
    return switch (link.call(
        Request.property(UnitPath.of(unit.text()), "Unit", "NeedDaemonReload"), callLimit)) {
      case Reply.Answer(var values) -> ((Variant<?>) values.getFirst()).getValue().equals(true);
      case Reply.Refusal _ -> false;
    };
  }

  /// systemd has every invocation of a unit under a path of its own, besides that of its name.
  JobResult stop(Link link, UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException {
    var job = new Asked(link, "stop of " + unit, link.jobs().stops(), limit);
    Request request =
        invocation.isEmpty()
            ? Request.manager("StopUnit", "ss", unit.text(), "replace")
            : Request.unit(UnitPath.of(invocation), "Stop", "s", "replace");
    return switch (job.ask(request)) {
      case Reply.Answer(var values) -> job.outcome(values.getFirst().toString());
      case Reply.Refusal refusal when refusal.noSuchUnit() -> JobResult.DONE;
      case Reply.Refusal refusal when refusal.noSuchInvocation() -> JobResult.UNFINISHED;
      case Reply.Refusal refusal -> throw refusal.exception();
    };
  }

  /// A job that somebody wants done.
  private final class Asked {
    private final Link link;
    private final String what;
    private final Semaphore room;
    private final long end;

    Asked(Link link, String what, Semaphore room, Duration limit) {
      this.link = link;
      this.what = what;
      this.room = room;
      this.end = System.nanoTime() + limit.toNanos();
    }

    /// Makes the requests when there is room for a job. Unless the last is answered with a job,
    /// the room is free again.
    Reply ask(Request... requests) throws InterruptedException {
      if (!room.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new Unavailable(what + ": " + Jobs.MOST + " others have left it no room");
      }
      boolean made = false;
      try {
        Reply reply = link.callAll(List.of(requests), callLimit).getLast();
        made = reply instanceof Reply.Answer;
        return reply;
      } finally {
        if (!made) {
          room.release();
        }
      }
    }

    JobResult outcome(String job) throws InterruptedException {
      CompletableFuture<JobResult> outcome = link.jobs().outcome(job);
      var _ = outcome.whenComplete((_, _) -> room.release());
      while (true) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (!left.isPositive()) {
          return JobResult.UNFINISHED;
        }
        try {
          return within(outcome, left.compareTo(check) < 0 ? left : check);
        } catch (TimeoutException e) {
          if (System.nanoTime() < end && isGone(job)) {
            return lost(job, outcome);
          }
        }
      }
    }

    private boolean isGone(String job) throws InterruptedException {
      return link.call(Request.property(job, "Job", "State"), callLimit) instanceof Reply.Refusal;
    }

    /// The signal may be here, and be on its way through our threads.
    private JobResult lost(String job, CompletableFuture<JobResult> outcome)
        throws InterruptedException {
      try {
        return within(outcome, SIGNAL_LAG);
      } catch (TimeoutException e) {
        var lost = new Unavailable(what + ": it has ended, and systemd's signal of how was lost");
        link.jobs().lose(job, lost);
        throw lost;
      }
    }
  }

  private static JobResult within(CompletableFuture<JobResult> outcome, Duration limit)
      throws InterruptedException, TimeoutException {
    try {
      return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      throw new Unavailable(String.valueOf(cause.getMessage()), cause);
    }
  }
}
