package fleet.api.service;

import fleet.api.message.Response;
import fleet.cluster.MachineId;
import fleet.cluster.registry.Registry;

/// Evicts silent machines on behalf of operators, so that their units run elsewhere although
/// evictions are paused. fleet v1 knew no pause.
final class Evictor {

  private final Registry registry;
  private final OptimisticRetry retry;
  private final ClusterViews views;

  Evictor(Registry registry, OptimisticRetry retry, ClusterViews views) {
    this.registry = registry;
    this.retry = retry;
    this.views = views;
  }

  /// Refuses a machine that is there, and one that has nothing to lose. One that is evicted
  /// already is so still.
  Response evict(MachineId machine) throws InterruptedException {
    return retry.run(
        "machine " + machine,
        _ -> {
          if (registry.announced(machine).isPresent()) {
            return refusal(409, "machine %s is present: only a silent one can be evicted", machine);
          }
          ClusterView view = views.now();
          if (view.isEvicted(machine)) {
            return new OptimisticRetry.Ending.Done(Response.done(204), view.revision());
          }
          if (!view.silentIds().contains(machine)) {
            return refusal(404, "no machine %s is silent", machine);
          }
          return new OptimisticRetry.Ending.Committed(
              registry.evict(machine), Response.done(204), 0);
        });
  }

  private static OptimisticRetry.Ending refusal(int status, String message, MachineId machine) {
    return new OptimisticRetry.Ending.Done(Response.error(status, message.formatted(machine)), 0);
  }
}
