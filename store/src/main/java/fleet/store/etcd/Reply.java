package fleet.store.etcd;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// What became of a question to etcd.
///
/// The codes and texts are those of etcd 3.4 and 3.5, `etcdserver/api/v3rpc/rpctypes/error.go`.
sealed interface Reply<A> {

  record Answer<A>(A message) implements Reply<A> {}

  /// Something went wrong.
  sealed interface Failure<A> extends Reply<A> {
    Status status();

    /// Says what went wrong, for people.
    default String why() {
      return Reply.why(status());
    }
  }

  /// The server said no, and has done nothing.
  record Refusal<A>(Status status) implements Failure<A> {}

  /// The server no longer knows who we are, and has done nothing.
  record Stranger<A>(Status status) implements Failure<A> {}

  /// The server cannot do it now, and has done nothing; another may be able to.
  record Later<A>(Status status) implements Failure<A> {}

  /// There is no answer. It may have been done or not.
  record Lost<A>(Status status) implements Failure<A> {}

  static <A> Failure<A> failure(Status status) {
    return switch (status.getCode()) {
      case INVALID_ARGUMENT ->
          says(status, "revision of auth store is old") || says(status, "user name is empty")
              ? new Stranger<>(status)
              : new Refusal<>(status);
      case UNAUTHENTICATED -> new Stranger<>(status);
      case UNAVAILABLE ->
          says(status, "etcdserver: no leader")
                  || says(status, "etcdserver: not capable")
                  || says(status, "rpc not supported for learner")
              ? new Later<>(status)
              : new Lost<>(status);
      case RESOURCE_EXHAUSTED ->
          says(status, "too many requests") ? new Later<>(status) : new Refusal<>(status);
      case NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          DATA_LOSS ->
          new Refusal<>(status);
      case OK, CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL -> new Lost<>(status);
    };
  }

  /// What the reason of a cancelled watch would be as a status: etcd sends the text alone.
  static Status status(String reason) {
    Status status = Status.UNAVAILABLE;
    if (reason.contains("permission denied")) {
      status = Status.PERMISSION_DENIED;
    } else if (reason.contains("auth") || reason.contains("user name is empty")) {
      status = Status.UNAUTHENTICATED;
    }
    return status.withDescription(reason);
  }

  /// Whether the server's text holds these words.
  static boolean says(Status status, String words) {
    String description = status.getDescription();
    return description != null && description.contains(words);
  }

  /// In one line: gRPC adds the state of its pipeline in more.
  private static String why(Status status) {
    String description = status.getDescription();
    String text =
        description == null
            ? status.getCode().toString()
            : description.lines().findFirst().orElse("");
    Throwable root = root(status.getCause());
    return root == null || root.getMessage() == null || text.contains(root.getMessage())
        ? text
        : text + ": " + root.getMessage();
  }

  private static @Nullable Throwable root(@Nullable Throwable thrown) {
    Throwable root = thrown;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
