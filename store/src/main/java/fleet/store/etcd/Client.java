package fleet.store.etcd;

import fleet.cluster.env.Environment;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Asks questions until there is an answer, or no more time.
final class Client {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private final Environment environment;
  private final Link link;
  private final Duration requestTimeout;

  Client(Environment environment, Link link, Duration requestTimeout) {
    this.environment = environment;
    this.link = link;
    this.requestTimeout = requestTimeout;
  }

  /// Asks, and asks again where that can do no harm.
  ///
  /// @param repeatable whether asking again does no harm even if the first question was heard
  /// @return an answer, a refusal, or that it is lost
  <Q, A> Reply<A> ask(MethodDescriptor<Q, A> method, Q question, boolean repeatable)
      throws InterruptedException {
    Limit limit = Limit.in(environment, requestTimeout);
    Duration pause = FIRST_PAUSE;
    while (true) {
      Reply<A> reply =
          switch (link.await(limit)) {
            case Link.State.Up up -> ask(up, method, question, limit);
            case Link.State.Down(var why) -> new Reply.Later<>(unavailable(why));
            case Link.State.Denied(var why) ->
                new Reply.Refusal<>(Status.PERMISSION_DENIED.withDescription(why));
            case Link.State.Closed _ -> new Reply.Lost<>(unavailable("it has been closed"));
          };
      boolean again =
          switch (reply) {
            case Reply.Answer<A> _, Reply.Refusal<A> _ -> false;
            case Reply.Stranger<A> _, Reply.Later<A> _ -> true;
            case Reply.Lost<A> _ -> repeatable && !link.isClosed();
          };
      if (!again) {
        return reply;
      }
      if (!limit.allows(pause)) {
        return new Reply.Lost<>(((Reply.Failure<A>) reply).status());
      }
      environment.sleep(pause);
      pause = Client.longer(pause);
    }
  }

  private <Q, A> Reply<A> ask(
      Link.State.Up up, MethodDescriptor<Q, A> method, Q question, Limit limit)
      throws InterruptedException {
    Duration span = limit.remaining();
    try (var exchange =
        Exchange.begin(
            up.connection(),
            up.headers(),
            method,
            question,
            span,
            environment.signal("etcd: answer"))) {
      Reply<A> reply = exchange.await(Limit.in(environment, span.dividedBy(4)));
      if (reply == null) {
        link.doubt(up.connection());
        reply = exchange.await(limit);
      }
      return looked(up, reply);
    }
  }

  /// Tells the link what it should know.
  private <A> Reply<A> looked(Link.State.Up up, @Nullable Reply<A> reply) {
    return switch (reply) {
      case null -> new Reply.Lost<>(unavailable(up.connection().endpoint() + ": no answer"));
      case Reply.Answer<A> _, Reply.Refusal<A> _, Reply.Lost<A> _ -> reply;
      case Reply.Later<A>(var status) -> {
        if (status.getCode() == Status.Code.UNAVAILABLE) {
          link.leave(up.connection());
        }
        yield reply;
      }
      case Reply.Stranger<A>(var status) ->
          link.logInAgain(up) ? reply : new Reply.Refusal<>(status);
    };
  }

  private static Status unavailable(String why) {
    return Status.UNAVAILABLE.withDescription(why);
  }

  static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }
}
