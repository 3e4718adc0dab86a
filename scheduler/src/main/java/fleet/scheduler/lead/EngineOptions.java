package fleet.scheduler.lead;

import fleet.scheduler.plan.PlanningConditions;
import java.time.Duration;

/// How an engine keeps time.
///
/// @param leaderTtl after which a leader that is not heard of has ceased to lead; 2 s or more
/// @param machineTtl how long machines are given to report again after the store was away
/// @param reconcileInterval after which the leader plans although nothing has changed
/// @param evictShare of all machines that may be silent at once before evictions wait, from 0 to 1
public record EngineOptions(
    Duration leaderTtl, Duration machineTtl, Duration reconcileInterval, double evictShare) {

  /// What suits machines in a local network.
  public static final EngineOptions DEFAULTS =
      new EngineOptions(
          Duration.ofSeconds(3),
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          PlanningConditions.USUAL_SHARE);
}
