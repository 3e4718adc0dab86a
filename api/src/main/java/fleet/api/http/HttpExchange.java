package fleet.api.http;

import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// One request and its answer.
///
/// Lives on one thread of Vert.x, save that the answer is found on a thread of its own.
final class HttpExchange {

  private static final Logger LOG = System.getLogger(HttpExchange.class.getName());

  /// RFC 9110, section 5.6.7.
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private static final Response BUSY =
      Response.error(503, "this server is answering too many requests; try again");

  /// A client that sends too much hears about it when it has sent all, for few listen before that.
  /// But there is an end.
  private static final int LISTENED_TO = 16;

  private final HttpExchanges exchanges;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context context;
  private Buffer body = Buffer.buffer();
  private Optional<Response> refusal = Optional.empty();
  private long received;
  private long reserved;
  private boolean entered;
  private boolean answered;
  private boolean last;

  HttpExchange(HttpExchanges exchanges, HttpServerRequest request) {
    this.exchanges = exchanges;
    this.request = request;
    this.response = request.response();
    this.context = Objects.requireNonNull(Vertx.currentContext(), "Vert.x calls us on its threads");
  }

  void begin() {
    response.exceptionHandler(_ -> {}); // the client has gone, which is its good right
    response.closeHandler(_ -> end());
    request.exceptionHandler(_ -> end());
    entered = exchanges.enter();
    if (!entered) {
      refusal = Optional.of(BUSY);
    }
    exchanges.waitFor(request.connection());
    boolean asks = "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
    long length = declaredLength();
    if (length > (asks ? bodyBytes() : (long) LISTENED_TO * bodyBytes())) {
      answerAndClose(tooLarge());
      return;
    }
    if (asks) {
      response.writeContinue();
    }
    request.handler(this::take);
    request.endHandler(_ -> complete());
  }

  private int bodyBytes() {
    return exchanges.limits().bodyBytes();
  }

  private long declaredLength() {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private Response tooLarge() {
    return Response.error(413, "the body is longer than " + bodyBytes() + " bytes");
  }

  private void take(Buffer chunk) {
    received += chunk.length();
    if (refusal.isPresent()) {
      if (received > (long) LISTENED_TO * bodyBytes()) {
        answerAndClose(refusal.get());
      }
    } else if (received > bodyBytes()) {
      refuse(tooLarge());
    } else {
      reserved += chunk.length();
      if (exchanges.reserve(chunk.length())) {
        body.appendBuffer(chunk);
      } else {
        refuse(BUSY);
      }
    }
  }

  private void refuse(Response with) {
    refusal = Optional.of(with);
    body = Buffer.buffer();
    exchanges.release(reserved);
    reserved = 0;
  }

  private void complete() {
    if (answered) {
      return;
    }
    if (refusal.isPresent()) {
      answerAndClose(refusal.get());
      return;
    }
    exchanges.work(request.connection());
    var headers = new ArrayList<Header>();
    request.headers().forEach((name, value) -> headers.add(new Header(name, value)));
    var asked =
        new Request(
            request.method().name(), request.uri(), headers, body.toString(StandardCharsets.UTF_8));
    exchanges.environment().fork("request", () -> handle(asked));
  }

  /// Runs on a thread of its own.
  private void handle(Request asked) throws InterruptedException {
    Response answer = Response.error(500, "this server has failed; its log says why");
    try {
      answer = exchanges.handler().handle(asked);
    } catch (InterruptedException e) {
      answer = Response.error(503, "this server is shutting down");
      throw e;
    } catch (RuntimeException e) {
      // Nothing that a client can send may end the daemon, on which a machine's units depend.
      exchanges
          .failure()
          .met(
              e.getClass().getName(),
              "failed to answer method=" + asked.method() + " target=" + asked.target())
          .ifPresent(line -> LOG.log(Level.ERROR, line, e));
      answer = Response.error(500, "this server has failed: " + e);
    } finally {
      Response found = answer;
      context.runOnContext(_ -> answer(found));
    }
  }

  /// Answers, and then closes the connection, on which there may be bytes that we shall not read.
  void answerAndClose(Response answer) {
    last = true;
    answer(answer);
  }

  private void answer(Response answer) {
    if (answered || response.ended() || response.closed()) {
      end();
      return;
    }
    answered = true;
    exchanges.waitFor(request.connection());
    response.setStatusCode(answer.status());
    if (last) {
      response.putHeader("Connection", "close");
    }
    response.putHeader("Date", DATE.format(exchanges.environment().now()));
    for (Header header : answer.headers()) {
      response.putHeader(header.name(), header.value());
    }
    if (request.method().name().equals("HEAD")) {
      int length = answer.body().getBytes(StandardCharsets.UTF_8).length;
      response.putHeader("Content-Length", String.valueOf(length));
    }
    var sent =
        answer.body().isEmpty() || request.method().name().equals("HEAD")
            ? response.end()
            : response.end(answer.body());
    sent.onComplete(
        _ -> {
          end();
          if (last) {
            request.connection().close();
          }
        });
  }

  /// Gives back what this exchange took. May be called more than once.
  private void end() {
    if (entered) {
      entered = false;
      exchanges.leave();
    }
    exchanges.release(reserved);
    reserved = 0;
    exchanges.waitFor(request.connection());
  }
}
