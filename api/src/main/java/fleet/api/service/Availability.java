package fleet.api.service;

import java.time.Instant;

/// Whether this server can answer for the cluster.
public sealed interface Availability {

  /// The machine is registered and the store answers.
  record Ready() implements Availability {}

  /// Requests are refused: the machine is not registered yet or any more, or the store is away.
  ///
  /// @param cause in one sentence, such as `no answer from http://10.0.0.1:2379`
  record Away(String cause, Instant since) implements Availability {}
}
