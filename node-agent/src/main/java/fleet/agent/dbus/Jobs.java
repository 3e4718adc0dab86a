package fleet.agent.dbus;

import fleet.agent.systemd.JobResult;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The outcomes of systemd's jobs, by their paths.
///
/// The signal that a job has ended can be seen before the answer that names the job. So outcomes
/// are kept for a while, whoever may want them.
final class Jobs {

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

  private @Nullable RuntimeException lost;

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

  /// No outcome will be heard of any more.
  synchronized void lose(RuntimeException cause) {
    lost = cause;
    awaited.values().forEach(outcome -> outcome.completeExceptionally(cause));
  }
}
