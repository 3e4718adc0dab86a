package fleet.store.etcd;

import fleet.cluster.env.Environment.Signal;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One question to a server and its one answer, also where the method is a stream of them.
///
/// Callbacks come on a thread of gRPC; all they do is to keep what they are given and raise a
/// signal.
final class Exchange<Q, A> implements AutoCloseable {

  private final Connection connection;
  private final Signal done;
  private final ClientCall<Q, A> call;
  private volatile @Nullable A answer;
  private volatile @Nullable Status end;

  private Exchange(
      Connection connection, MethodDescriptor<Q, A> method, Duration span, Signal done) {
    this.connection = connection;
    this.done = done;
    this.call =
        connection
            .channel()
            .newCall(
                method,
                CallOptions.DEFAULT.withDeadlineAfter(span.toNanos(), TimeUnit.NANOSECONDS));
  }

  /// Asks, and does not wait.
  ///
  /// @param span after which the answer is given up
  /// @param done raised when there is a reply
  static <Q, A> Exchange<Q, A> begin(
      Connection connection,
      Metadata headers,
      MethodDescriptor<Q, A> method,
      Q question,
      Duration span,
      Signal done) {
    var exchange = new Exchange<>(connection, method, span, done);
    exchange.call.start(exchange.listener(), headers);
    exchange.call.request(2);
    exchange.call.sendMessage(question);
    exchange.call.halfClose();
    return exchange;
  }

  private ClientCall.Listener<A> listener() {
    return new ClientCall.Listener<>() {
      @Override
      public void onMessage(A message) {
        connection.heard();
        answer = message;
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        end = status;
        done.raise();
      }
    };
  }

  /// The reply, once there is one.
  @Nullable Reply<A> reply() {
    Status status = end;
    if (status == null) {
      return null;
    }
    A message = answer;
    if (!status.isOk()) {
      return Reply.failure(status);
    }
    return message == null
        ? new Reply.Lost<>(Status.INTERNAL.withDescription("success without an answer"))
        : new Reply.Answer<>(message);
  }

  /// Waits for the reply until `limit`.
  @Nullable Reply<A> await(Limit limit) throws InterruptedException {
    Reply<A> reply = reply();
    while (reply == null && !limit.isOver()) {
      done.await(limit.remaining());
      reply = reply();
    }
    return reply;
  }

  /// Gives the question up, if it is still open.
  @Override
  public void close() {
    if (end == null) {
      call.cancel("no longer wanted", null);
    }
  }
}
