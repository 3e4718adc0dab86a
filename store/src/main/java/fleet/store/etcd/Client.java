package fleet.store.etcd;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Spans;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;

/// Asks questions until there is an answer, or no more time.
final class Client {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private static final String CLOSED = "it has been closed";

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
      Reply<A> reply = askOnce(method, question, limit);
      switch (reply) {
        case Reply.Answer<A> _, Reply.Refusal<A> _ -> {
          return reply;
        }
        case Reply.Lost<A> _ when !repeatable || link.isClosed() -> {
          return reply;
        }
        case Reply.Failure<A> failure -> {
          if (!limit.allows(pause)) {
            return lost("no answer within " + Spans.text(requestTimeout) + ": " + failure.why());
          }
        }
      }
      environment.sleep(pause);
      pause = longer(pause);
    }
  }

  private <Q, A> Reply<A> askOnce(MethodDescriptor<Q, A> method, Q question, Limit limit)
      throws InterruptedException {
    return switch (link.await(limit)) {
      case Link.State.Up up -> askOn(up, method, question, limit);
      case Link.State.Down(var why) -> new Reply.Later<>(unavailable(why));
      case Link.State.Denied(var why) ->
          new Reply.Refusal<>(Status.PERMISSION_DENIED.withDescription(why));
      case Link.State.Closed _ -> lost(CLOSED);
    };
  }

  private <Q, A> Reply<A> askOn(
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
      return reply == null ? lost(up.connection().endpoint() + ": no answer") : heeded(up, reply);
    }
  }

  /// Tells the link what it should know.
  private <A> Reply<A> heeded(Link.State.Up up, Reply<A> reply) {
    return switch (reply) {
      case Reply.Answer<A> _, Reply.Refusal<A> _ -> reply;
      case Reply.Lost<A> _ -> link.isClosed() ? lost(CLOSED) : reply;
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

  private static <A> Reply<A> lost(String why) {
    return new Reply.Lost<>(unavailable(why));
  }

  private static Status unavailable(String why) {
    return Status.UNAVAILABLE.withDescription(why);
  }

  static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }
}
