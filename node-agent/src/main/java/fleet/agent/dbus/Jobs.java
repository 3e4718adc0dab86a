package fleet.agent.dbus;

import fleet.agent.systemd.JobResult;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The jobs that systemd has for us, and their outcomes, by their paths.
///
/// The signal that a job has ended can be seen before the answer that names the job. So outcomes
/// are kept for a while, whoever may want them.
final class Jobs {

  /// The most starts, and as many stops, that may be under way at a time over a bus.
  ///
  /// systemd adds a match rule to its connection for every job that somebody on the bus has asked
  /// for. A bus refuses more than 512 rules (dbus-daemon(1), `max_match_rules_per_connection`), at
  /// which systemd 252 leaves the bus: everybody loses it, not only we.
  static final int MOST = 192;

  /// Many more than the calls that can be under way at a time.
  private static final int KEPT = 1024;

  /// Each with all who wait for it: systemd merges equal jobs.
  private final Map<String, CompletableFuture<JobResult>> awaited = new HashMap<>();

  private final Map<String, JobResult> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JobResult> eldest) {
          return size() > KEPT;
        }
      };

  /// Separate, so that what takes long to start can always be stopped.
  private final Semaphore starts;

  private final Semaphore stops;

  private @Nullable RuntimeException lost;

  /// @param most starts, and as many stops, that may be under way at a time
  Jobs(int most) {
    starts = new Semaphore(most, true);
    stops = new Semaphore(most, true);
  }

  /// Room for starts: who asks for one takes a permit, which goes back when the job has ended.
  Semaphore starts() {
    return starts;
  }

  /// Room for stops, likewise.
  Semaphore stops() {
    return stops;
  }

  synchronized void end(String job, JobResult result) {
    ended.put(job, result);
    CompletableFuture<JobResult> outcome = awaited.remove(job);
    if (outcome != null) {
      outcome.complete(result);
    }
  }

  synchronized CompletableFuture<JobResult> outcome(String job) {
    JobResult result = ended.get(job);
    if (result != null) {
      return CompletableFuture.completedFuture(result);
    }
    return lost == null
        ? awaited.computeIfAbsent(job, _ -> new CompletableFuture<>())
        : CompletableFuture.failedFuture(lost);
  }

  /// The outcome of that job will not be heard of any more.
  synchronized void lose(String job, RuntimeException cause) {
    CompletableFuture<JobResult> outcome = awaited.remove(job);
    if (outcome != null) {
      outcome.completeExceptionally(cause);
    }
  }

  /// No outcome will be heard of any more.
  synchronized void lose(RuntimeException cause) {
    lost = cause;
    awaited.values().forEach(outcome -> outcome.completeExceptionally(cause));
    awaited.clear();
  }
}
