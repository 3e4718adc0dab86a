package fleet.agent.dbus;

import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.cluster.env.Spans;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.freedesktop.dbus.connections.AbstractConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBusSigHandler;
import org.freedesktop.dbus.matchrules.DBusMatchRule;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.constants.Flags;
import org.jspecify.annotations.Nullable;

/// One connection, from its making to its end: it is never mended.
///
/// Calls are made of dbus-java's messages, not of its proxies: so each has a limit of its own, many
/// can be under way at once, an error keeps its name, and none can be left waiting when the
/// connection ends.
final class Link implements AutoCloseable {

  /// Calls under way at a time. A bus refuses more than 128 (dbus-daemon(1),
  /// `max_replies_per_connection`).
  private static final int WINDOW = 64;

  /// How long the other end may take to say that it is there.
  private static final Duration PING_LIMIT = Duration.ofSeconds(2);

  /// Errors that say that there is no answer, not what the answer is (dbus-daemon(1)).
  private static final List<String> NO_ANSWER =
      Stream.of(
              "NoReply",
              "Timeout",
              "TimedOut",
              "Disconnected",
              "ServiceUnknown",
              "NameHasNoOwner",
              "NoServer",
              "LimitsExceeded",
              "NoMemory")
          .map(name -> "org.freedesktop.DBus.Error." + name)
          .toList();

  /// Beginnings of the names of errors that never came over the wire: dbus-java's own.
  private static final List<String> OURS = List.of("java.", "org.freedesktop.dbus.");

  private final String address;
  private final boolean bus;
  private final AbstractConnection connection;
  private final CompletableFuture<String> end;
  private final Semaphore window = new Semaphore(WINDOW, true);
  private final Set<MethodCall> waiting = ConcurrentHashMap.newKeySet();
  private final Jobs jobs;

  Link(String address, boolean bus, AbstractConnection connection, CompletableFuture<String> end) {
    this.address = address;
    this.bus = bus;
    this.connection = connection;
    this.end = end;
    this.jobs = new Jobs(bus ? Jobs.MOST : Integer.MAX_VALUE);
    var _ = end.thenAccept(this::abandon);
  }

  private void abandon(String cause) {
    waiting.forEach(this::giveUp);
    jobs.lose(new Unavailable("systemd at " + address + ": " + cause));
  }

  String address() {
    return address;
  }

  /// Whether there is a bus between us and systemd.
  boolean bus() {
    return bus;
  }

  /// Whose paths mean something on this link only.
  Jobs jobs() {
    return jobs;
  }

  /// Completed with the reason once this is of no more use.
  CompletableFuture<String> end() {
    return end;
  }

  /// Makes a call and waits for what comes back.
  ///
  /// @throws Unavailable if nothing does
  Reply call(Request request, Duration limit) throws InterruptedException {
    return callAll(List.of(request), limit).getFirst();
  }

  /// Makes calls one right after the other, and waits for what comes back of all.
  ///
  /// @param limit for each
  /// @throws Unavailable if nothing comes back for one of them
  List<Reply> callAll(List<Request> requests, Duration limit) throws InterruptedException {
    var replies = new ArrayList<Reply>();
    for (int i = 0; i < requests.size(); i += WINDOW / 2) {
      List<Request> some = requests.subList(i, Math.min(requests.size(), i + WINDOW / 2));
      window.acquire(some.size());
      try {
        List<MethodCall> calls = some.stream().map(this::send).toList();
        for (int j = 0; j < some.size(); j++) {
          replies.add(await(some.get(j), calls.get(j), limit));
        }
      } finally {
        window.release(some.size());
      }
    }
    return replies;
  }

  private MethodCall send(Request request) {
    try {
      MethodCall call =
          connection
              .getMessageFactory()
              .createMethodCall(
                  bus ? request.destination() : null,
                  request.path(),
                  request.type(),
                  request.method(),
                  Flags.NO_AUTO_START,
                  request.signature().isEmpty() ? null : request.signature(),
                  request.arguments().toArray());
      waiting.add(call);
      if (end.isDone()) {
        giveUp(call);
      } else {
        connection.sendMessage(call);
      }
      return call;
    } catch (DBusException e) {
      throw new IllegalStateException(request + ": " + e.getMessage(), e);
    } catch (DBusExecutionException | RejectedExecutionException e) {
      throw unavailable(request, "not connected", e);
    }
  }

  private Reply await(Request request, MethodCall call, Duration limit)
      throws InterruptedException {
    try {
      long deadline = System.nanoTime() + limit.toNanos();
      Message reply = null;
      while (reply == null) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          break;
        }
        reply = call.getReply(left);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      return switch (reply) {
        case null -> {
          check(request);
          throw unavailable(request, "no answer within " + Spans.text(limit), null);
        }
        case Error error -> refusal(request, error);
        default -> new Reply.Answer(values(reply));
      };
    } catch (DBusException e) {
      throw unavailable(request, "unreadable answer", e);
    } finally {
      waiting.remove(call);
    }
  }

  private Reply refusal(Request request, Error error) throws DBusException {
    String name = error.getName();
    List<Object> values = values(error);
    String message = values.isEmpty() ? name : values.getFirst().toString();
    if (end.isDone()) {
      throw unavailable(request, end.join(), null);
    }
    if (NO_ANSWER.contains(name) || OURS.stream().anyMatch(name::startsWith)) {
      throw unavailable(request, message, null);
    }
    return new Reply.Refusal(name, message);
  }

  private static List<Object> values(Message message) throws DBusException {
    Object[] values = message.getParameters();
    return values == null ? List.of() : List.of(values);
  }

  /// After a missing answer: is the other end slow, or is it gone without a word?
  private void check(Request request) throws InterruptedException {
    Request ping = Request.ping(bus);
    if (!request.equals(ping)) {
      try {
        await(ping, send(ping), PING_LIMIT);
      } catch (Unavailable e) {
        drop("no answer to " + request + ", nor to a ping");
      }
    }
  }

  /// Calls `handler` for each signal that matches, on a thread of dbus-java's, in the order in
  /// which they came. It must not wait.
  ///
  /// @throws Unavailable if the bus does not take the rule
  <T extends DBusSignal> void handle(DBusMatchRule rule, DBusSigHandler<T> handler) {
    try {
      var _ = connection.addSigHandler(rule, handler);
    } catch (DBusException | DBusExecutionException e) {
      throw new Unavailable(address + ": match rule " + rule + ": " + e.getMessage(), e);
    }
  }

  /// Ends it because it is of no more use.
  void drop(String cause) {
    end.complete(cause);
  }

  private void giveUp(MethodCall call) {
    try {
      String cause = end.isDone() ? end.join() : "closed";
      call.setReply(connection.getMessageFactory().createError(call, new IOException(cause)));
    } catch (DBusException e) {
      throw new IllegalStateException(e);
    }
  }

  private Unavailable unavailable(Request request, String cause, @Nullable Throwable e) {
    String message = request + " at " + address + ": " + cause;
    return e == null ? new Unavailable(message) : new Unavailable(message, e);
  }

  @Override
  public void close() {
    end.complete("closed");
    connection.disconnect();
  }
}
