package fleet.store.etcd;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.store.etcd.EtcdOptions.Credentials;
import fleet.store.wire.AuthGrpc;
import fleet.store.wire.AuthenticateRequest;
import fleet.store.wire.AuthenticateResponse;
import fleet.store.wire.StatusResponse;
import io.grpc.Metadata;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps one connection to etcd up, logged in where we have credentials.
///
/// One task does it all: it connects, logs in, notices that the connection has gone, and begins
/// anew. Everyone else only waits for the [State], and says when they have come to doubt it.
///
/// A server that has lost its power says nothing, and TCP would wait for it for minutes. So the
/// task asks a question that every healthy server answers at once when somebody has waited for an
/// answer too long, or when nothing at all has been heard for [#QUIET]. Without an answer the
/// connection is ended, and with it all that is open on it.
final class Link implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Link.class.getName());

  private static final Duration QUIET = Duration.ofSeconds(2);

  /// Wrong credentials are not offered more often: to check a password is meant to be costly.
  private static final Duration SECOND_LOGIN = Duration.ofSeconds(1);

  private static final Duration LOGIN = Duration.ofSeconds(3);

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  /// Lets a server that has lost sight of the others say so, rather than keep us waiting.
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  sealed interface State {
    /// @param why the last attempt failed
    record Down(String why) implements State {}

    /// The server is there, and does not accept our credentials.
    record Denied(String why) implements State {}

    record Up(Connection connection, Optional<String> token) implements State {
      Metadata headers() {
        var headers = new Metadata();
        headers.put(REQUIRE_LEADER, "true");
        token.ifPresent(known -> headers.put(TOKEN, known));
        return headers;
      }
    }

    record Closed() implements State {}
  }

  private final Environment environment;
  private final Connector connector;
  private final Optional<Credentials> credentials;
  private final Duration requestTimeout;
  private final Signal attention;
  private final Environment.Task task;
  private final LastingTrouble absence;
  private final LastingTrouble denial;
  private boolean everConnected;
  private State state = new State.Down("not connected yet");

  /// What others have said, for the task to look into.
  private @Nullable Connection doubted;

  private @Nullable Connection left;

  private Optional<String> token = Optional.empty();
  private boolean known;

  Link(
      Environment environment,
      Connector connector,
      Optional<Credentials> credentials,
      Duration requestTimeout) {
    this.environment = environment;
    this.connector = connector;
    this.credentials = credentials;
    this.requestTimeout = requestTimeout;
    this.known = credentials.isEmpty();
    this.absence = new LastingTrouble(environment);
    this.denial = new LastingTrouble(environment);
    this.attention = environment.signal("etcd: link");
    this.task = environment.forkForGood("etcd: link", this::run);
  }

  /// Waits until `limit` for a connection; less if there is nothing to wait for.
  synchronized State await(Limit limit) throws InterruptedException {
    while (isDown() && !limit.isOver()) {
      wait(Math.max(1, limit.remaining().toMillis()));
    }
    return state;
  }

  private boolean isDown() {
    return switch (state) {
      case State.Down _ -> true;
      case State.Up(var connection, _) -> !connection.isUp();
      case State.Denied _, State.Closed _ -> false;
    };
  }

  /// Says that an answer has been waited for too long.
  synchronized void doubt(Connection connection) {
    doubted = connection;
    attention.raise();
  }

  /// Says that this server cannot serve now, but another may, if there is one.
  synchronized void leave(Connection connection) {
    if (connector.hasChoice()) {
      left = connection;
      attention.raise();
    }
  }

  /// Says that the server no longer knows us.
  ///
  /// @return whether there will be another login
  synchronized boolean logInAgain(State.Up refused) {
    if (credentials.isPresent() && state.equals(refused)) {
      state = new State.Down("logging in");
      known = false;
      attention.raise();
    }
    return credentials.isPresent();
  }

  private void run() throws InterruptedException {
    try {
      while (true) {
        Connection connection = connect();
        String why;
        try {
          why = tend(connection);
        } finally {
          connection.end();
          if (isClosed()) {
            connection.awaitEnd();
          }
        }
        publish(new State.Down(connection.endpoint() + ": " + why));
        absence
            .met("lost", "lost etcd endpoint=" + connection.endpoint() + " reason=\"" + why + "\"")
            .ifPresent(line -> LOG.log(Level.WARNING, line));
      }
    } finally {
      connector.close();
    }
  }

  private Connection connect() throws InterruptedException {
    Connection connection =
        connector.connect(
            failure -> {
              publish(new State.Down(failure.reason()));
              absence
                  .met(failure.kind(), "cannot reach etcd reason=\"" + failure.reason() + "\"")
                  .ifPresent(line -> LOG.log(Level.WARNING, line));
            });
    String connected = "connected to etcd endpoint=" + connection.endpoint();
    absence
        .over(connected)
        .or(() -> everConnected ? Optional.empty() : Optional.of(connected))
        .ifPresent(line -> LOG.log(Level.INFO, line));
    everConnected = true;
    return connection;
  }

  /// Returns when the connection is of no more use, and why.
  private String tend(Connection connection) throws InterruptedException {
    connection.whenDown(attention);
    if (isKnown()) {
      publishUp(connection);
    }
    Limit nextLogin = Limit.in(environment, Duration.ZERO);
    while (connection.isUp()) {
      if (!isKnown() && nextLogin.isOver()) {
        logIn(connection);
        nextLogin = Limit.in(environment, SECOND_LOGIN);
      }
      if (isLeft(connection)) {
        connector.skip();
        return "it cannot serve now";
      }
      boolean suspect = isDoubted(connection) || connection.silence().compareTo(QUIET) > 0;
      if (suspect && !answers(connection)) {
        connector.skip();
        return "it no longer answers";
      }
      attention.await(isKnown() ? QUIET : nextLogin.remaining());
    }
    return "connection closed";
  }

  private synchronized boolean isKnown() {
    return known;
  }

  private synchronized boolean isLeft(Connection connection) {
    return left == connection;
  }

  private synchronized boolean isDoubted(Connection connection) {
    boolean is = doubted == connection;
    doubted = null;
    return is;
  }

  private boolean answers(Connection connection) throws InterruptedException {
    Duration span = requestTimeout.dividedBy(2);
    try (var probe = Connector.probe(connection, span, environment.signal("etcd: probe"))) {
      Reply<StatusResponse> reply = probe.await(Limit.in(environment, span));
      return reply != null && !(reply instanceof Reply.Lost<StatusResponse>);
    }
  }

  private void logIn(Connection connection) throws InterruptedException {
    var user = credentials.orElseThrow();
    var question =
        AuthenticateRequest.newBuilder()
            .setName(user.username())
            .setPassword(user.password())
            .build();
    try (var exchange =
        Exchange.begin(
            connection,
            new Metadata(),
            AuthGrpc.getAuthenticateMethod(),
            question,
            LOGIN,
            environment.signal("etcd: login"))) {
      switch (exchange.await(Limit.in(environment, LOGIN))) {
        case Reply.Answer<AuthenticateResponse>(var answer) ->
            welcome(connection, Optional.of(answer.getToken()));
        case Reply.Refusal<AuthenticateResponse> refusal -> {
          if (Reply.says(refusal.status(), "authentication is not enabled")) {
            welcome(connection, Optional.empty());
          } else {
            deny("user " + user.username() + ": " + refusal.why());
          }
        }
        case Reply.Failure<AuthenticateResponse> failure -> {
          publish(new State.Down(connection.endpoint() + ": log in: " + failure.why()));
          leave(connection);
        }
        case null -> leave(connection);
      }
    }
  }

  private void deny(String why) {
    denial
        .met("etcd does not let us in reason=\"" + why + "\"")
        .ifPresent(line -> LOG.log(Level.ERROR, line));
    publish(new State.Denied(why));
  }

  private void welcome(Connection connection, Optional<String> token) {
    denial.over("etcd lets us in").ifPresent(line -> LOG.log(Level.INFO, line));
    synchronized (this) {
      this.token = token;
      known = true;
    }
    publishUp(connection);
  }

  private synchronized void publishUp(Connection connection) {
    publish(new State.Up(connection, token));
  }

  private synchronized void publish(State next) {
    if (!(state instanceof State.Closed)) {
      state = next;
      notifyAll();
    }
  }

  synchronized boolean isClosed() {
    return state instanceof State.Closed;
  }

  /// Whoever waits is told at once.
  @Override
  public void close() {
    publish(new State.Closed());
    task.interrupt();
  }
}
