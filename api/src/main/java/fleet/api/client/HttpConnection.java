package fleet.api.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Exchanges HTTP/1.1 requests and answers (RFC 9112) over one connection that is opened when
/// needed and kept open between requests.
final class HttpConnection implements AutoCloseable {

  /// @param status from 200 on
  /// @param warning what everybody should know who asks anything; empty if there is no such thing
  record Answer(int status, String body, String warning) {}

  private final Endpoint endpoint;
  private final TlsFiles tls;
  private final Duration patience;
  private final Trace trace;
  private @Nullable ByteConnection connection;
  private boolean sentTwice;

  HttpConnection(Endpoint endpoint, TlsFiles tls, Duration patience, Trace trace) {
    this.endpoint = endpoint;
    this.tls = tls;
    this.patience = patience;
    this.trace = trace;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// Sends a request and reads the answer. A connection that was kept open may turn out to have
  /// been closed meanwhile: then the request goes out once more, over a new one. Whoever asks for
  /// what must not be done twice closes the connection before.
  ///
  /// @param target path and query
  /// @param body JSON; null if there is none
  Answer exchange(String method, String target, @Nullable String body) {
    String url = url(target);
    trace.asked(method, url);
    sentTwice = false;
    Answer answer = exchange(request(method, target, body));
    trace.answered(method, url, answer.status());
    return answer;
  }

  /// Whether the last request went out twice, so that the answer may be about what it did itself.
  boolean sentTwice() {
    return sentTwice;
  }

  private String url(String target) {
    return (endpoint.target() instanceof Endpoint.Tcp tcp ? tcp.text() : "http://domain-sock")
        + target;
  }

  private Answer exchange(ByteBuffer request) {
    try {
      ByteConnection kept = connection;
      if (kept != null) {
        try {
          return exchange(kept, request.duplicate());
        } catch (AnswerParser.NoAnswer closedMeanwhile) {
          close();
          sentTwice = true;
        }
      }
      ByteConnection fresh = Dialer.dial(endpoint, tls, patience);
      connection = fresh;
      return exchange(fresh, request);
    } catch (SocketTimeoutException e) {
      close();
      throw new Unreachable(
          endpoint,
          "timed out after " + patience.toMillis() + " ms: " + e.getMessage(),
          Unreachable.Prospect.SOON,
          e);
    } catch (IOException e) {
      close();
      throw new Unreachable(endpoint, Dialer.reason(e), Dialer.prospect(e), e);
    }
  }

  private Answer exchange(ByteConnection over, ByteBuffer request) throws IOException {
    var parser = new AnswerParser(over);
    IOException broken = null;
    try {
      over.write(request);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      broken = e; // a server that refuses a large request answers and closes before it has read all
    }
    try {
      Answer answer = parser.read();
      if (!parser.keepsOpen() || broken != null) {
        close();
      }
      return answer;
    } catch (AnswerParser.NoAnswer e) {
      if (broken != null) {
        e.addSuppressed(broken);
      }
      throw e;
    }
  }

  private ByteBuffer request(String method, String target, @Nullable String body) {
    byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    var head = new StringBuilder(256);
    String base = "";
    String host = "localhost";
    if (endpoint.target() instanceof Endpoint.Tcp tcp) {
      base = tcp.path();
      host = tcp.authority();
    }
    head.append(method).append(' ').append(base).append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host).append("\r\n");
    head.append("User-Agent: fleetctl\r\nAccept: application/json\r\n");
    if (body != null) {
      head.append("Content-Type: application/json\r\nContent-Length: ")
          .append(content.length)
          .append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(start.length + content.length).put(start).put(content).flip();
  }

  @Override
  public void close() {
    ByteConnection open = connection;
    if (open != null) {
      connection = null;
      open.close();
    }
  }
}
