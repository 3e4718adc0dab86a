package fleet.agent.presence;

import java.time.Instant;
import java.util.Optional;

/// Where an agent stands with the cluster.
///
/// @param standing whether the machine is present to the others
/// @param storeAwaySince when the store last ceased to answer; empty while it does
/// @param problem why the machine is not present, or the store's last failure, for people to read;
///     empty if all is well
public record AgentStatus(Standing standing, Optional<Instant> storeAwaySince, String problem) {

  /// Whether the machine is present to the others.
  public enum Standing {
    /// Not yet, or not at the moment.
    JOINING,
    /// Present, as far as we know.
    PRESENT,
    /// Another machine with the same ID is.
    NAMESAKE,
    /// It is there no more for others, and stops its units.
    LEAVING,
    /// It has left and will not return.
    LEFT
  }
}
