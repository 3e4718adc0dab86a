package fleet.agent.pace;

import java.time.Duration;

/// How patient an agent is.
///
/// @param ttl after which a machine that is not heard of counts as gone; it is heard of four times
///     as often
/// @param cachePatience how long to wait for the store at start, before running what was assigned
///     when the agent last ran
/// @param resync after which everything is looked at again, whether or not anything was signaled
/// @param jobLimit how long to wait for a start or stop; systemd carries it on for as long as it
///     takes
/// @param statePause between two publications of states; the first few after a calm go at once
/// @param firstBackOff before what has failed is tried again; doubles with each failure
/// @param longestBackOff at which it no longer doubles
public record AgentOptions(
    Duration ttl,
    Duration cachePatience,
    Duration resync,
    Duration jobLimit,
    Duration statePause,
    Duration firstBackOff,
    Duration longestBackOff) {

  /// What suits a machine in a local network.
  public static final AgentOptions DEFAULTS =
      new AgentOptions(
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60));

  /// The same with another time to live.
  public AgentOptions withTtl(Duration ttl) {
    return new AgentOptions(
        ttl, cachePatience, resync, jobLimit, statePause, firstBackOff, longestBackOff);
  }
}
