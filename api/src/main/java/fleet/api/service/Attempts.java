package fleet.api.service;

import fleet.cluster.env.Environment;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.StoreException;
import java.time.Duration;

/// Repeats read-then-write until it is settled: others write too, and answers get lost.
final class Attempts {

  /// What one attempt came to.
  sealed interface Outcome {
    /// There is nothing to write.
    ///
    /// @param revision of what was read, if the response tells of it; else 0
    record Done(Response response, long revision) implements Outcome {}

    /// A change was sent to the store.
    ///
    /// @param response what to say if it was applied
    record Committed(Commit commit, Response response) implements Outcome {}
  }

  /// Reads what is there and writes what should be, provided that nobody has changed it meanwhile.
  interface Attempt {
    /// @param unconfirmed whether the answer to an earlier attempt was lost, so that what is there
    ///     may be our own doing
    Outcome attempt(boolean unconfirmed) throws InterruptedException;
  }

  /// Each one lost means that somebody else has changed the same record.
  private static final int MOST = 12;

  private static final int PAUSE_MILLIS = 5;

  private final Environment environment;
  private final ClusterViews views;

  Attempts(Environment environment, ClusterViews views) {
    this.environment = environment;
    this.views = views;
  }

  /// @param subject what is changed, for messages
  /// @throws StoreException if the store does not answer, or refuses
  Response run(String subject, Attempt attempt) throws InterruptedException {
    boolean unconfirmed = false;
    String cause = "";
    for (int number = 1; number <= MOST; number++) {
      Outcome outcome;
      try {
        outcome = attempt.attempt(unconfirmed);
      } catch (StoreException.Unavailable e) {
        if (!unconfirmed) {
          throw e;
        }
        StoreException.Unavailable doubtful = doubtful(subject, cause);
        doubtful.addSuppressed(e);
        throw doubtful;
      }
      switch (outcome) {
        case Outcome.Done(var response, var revision) -> {
          views.acknowledged(revision);
          return response;
        }
        case Outcome.Committed(Commit.Applied(var revision), var response) -> {
          views.acknowledged(revision);
          return response;
        }
        case Outcome.Committed(Commit.Refused _, _) -> {}
        case Outcome.Committed(Commit.Unknown(var why), _) -> {
          unconfirmed = true;
          cause = why;
        }
      }
      int pause = environment.random().nextInt(PAUSE_MILLIS * number) + 1;
      environment.sleep(Duration.ofMillis(pause));
    }
    if (unconfirmed) {
      throw doubtful(subject, cause);
    }
    return Response.error(
        409, subject + " was changed by others " + MOST + " times in a row; try again");
  }

  private static StoreException.Unavailable doubtful(String subject, String cause) {
    return new StoreException.Unavailable(
        "the change to " + subject + " may or may not have been made: " + cause);
  }
}
