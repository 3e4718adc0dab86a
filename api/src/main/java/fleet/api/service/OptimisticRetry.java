package fleet.api.service;

import fleet.api.message.Response;
import fleet.cluster.env.Environment;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.OptionalLong;

/// Repeats read-then-write until it is settled: others write too, and answers get lost.
///
/// A change whose answer was lost is repeated only while what it was to replace is still there. If
/// something else is, the change may have been made, and replaced by others; made once more, it
/// would undo what they were told is done.
final class OptimisticRetry {

  /// What one attempt came to.
  sealed interface Ending {
    /// There is nothing to write.
    ///
    /// @param revision of what was read, if the response tells of it; else 0
    record Done(Response response, long revision) implements Ending {}

    /// A change was sent to the store.
    ///
    /// @param response what to say if it was applied
    /// @param replaced revision of what was read, 0 if that was nothing
    record Committed(Commit commit, Response response, long replaced) implements Ending {}

    /// An earlier change of ours may have been made, and others have made theirs since.
    record Doubtful() implements Ending {}

    /// Nothing is written, since what was asked cannot be done.
    static Ending refused(int status, String message) {
      return new Done(Response.error(status, message), 0);
    }
  }

  /// Reads what is there and writes what should be, provided that nobody has changed it meanwhile.
  interface Attempt {
    /// @param lost if the answer to an earlier attempt was lost, so that what is there may be our
    ///     own doing: the revision of what that was to replace, 0 if there was nothing
    Ending attempt(OptionalLong lost) throws InterruptedException;
  }

  /// Each one lost means that somebody else has changed the same record.
  private static final int MOST = 12;

  private static final int PAUSE_MILLIS = 5;

  private final Environment environment;
  private final ClusterViews views;

  OptimisticRetry(Environment environment, ClusterViews views) {
    this.environment = environment;
    this.views = views;
  }

  /// @param subject what is changed, for messages
  /// @throws StoreException if the store does not answer, or refuses
  Response run(String subject, Attempt attempt) throws InterruptedException {
    OptionalLong lost = OptionalLong.empty();
    String cause = "";
    for (int number = 1; number <= MOST; number++) {
      Ending ending;
      try {
        ending = attempt.attempt(lost);
      } catch (StoreException.Unavailable e) {
        if (lost.isEmpty()) {
          throw e;
        }
        StoreException.Unavailable doubtful = doubtful(subject, cause);
        doubtful.addSuppressed(e);
        throw doubtful;
      }
      switch (ending) {
        case Ending.Done(var response, var revision) -> {
          views.acknowledged(revision);
          return response;
        }
        case Ending.Committed(Commit.Applied(var revision), var response, _) -> {
          views.acknowledged(revision);
          return response;
        }
        case Ending.Committed(Commit.Refused _, _, _) -> {}
        case Ending.Committed(Commit.Unknown(var why), _, var replaced) -> {
          lost = OptionalLong.of(replaced);
          cause = why;
        }
        case Ending.Doubtful() -> throw doubtful(subject, cause);
      }
      int pause = environment.random().nextInt(PAUSE_MILLIS * number) + 1;
      environment.sleep(Duration.ofMillis(pause));
    }
    if (lost.isPresent()) {
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
