package fleet.api.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads one answer from a connection: by length, in chunks, or up to the end.
final class AnswerParser {

  /// The connection ended before the first byte of an answer.
  static final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1;

    private static final String CLOSED = "the connection was closed without an answer";

    NoAnswer() {
      super(CLOSED);
    }

    NoAnswer(IOException cause) {
      super(CLOSED, cause);
    }
  }

  /// A page of units with the largest texts there are; more is none of ours.
  private static final int MAX_BODY = 512 << 20;

  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_FIELDS = 1000;

  private final ByteConnection connection;
  private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10).flip();
  private boolean keepsOpen = true;
  private String warning = "";

  AnswerParser(ByteConnection connection) {
    this.connection = connection;
  }

  /// Whether the connection can be used for another request, once [#read()] has returned.
  boolean keepsOpen() {
    return keepsOpen;
  }

  HttpConnection.Answer read() throws IOException {
    try {
      if (!fill()) {
        throw new NoAnswer();
      }
    } catch (java.net.SocketTimeoutException e) {
      throw e;
    } catch (NoAnswer e) {
      throw e;
    } catch (IOException e) {
      throw new NoAnswer(e);
    }
    int status;
    long length;
    do {
      status = status(line());
      length = fields();
    } while (status < 200); // 100 Continue and its like precede the answer proper
    String body = status == 204 || status == 304 ? "" : length == CHUNKED ? chunks() : body(length);
    if (buffer.hasRemaining()) {
      keepsOpen = false; // bytes that nobody asked for
    }
    return new HttpConnection.Answer(status, body, warning);
  }

  private static final long CHUNKED = -1;
  private static final long TO_THE_END = -2;

  private int status(String line) throws IOException {
    boolean old = line.startsWith("HTTP/1.0 ");
    if ((!old && !line.startsWith("HTTP/1.1 ")) || line.length() < 12) {
      throw malformed("expected a status line of HTTP/1.1", line);
    }
    if (old) {
      keepsOpen = false;
    }
    int status = number(line.substring(9, 12), 10, line);
    if (status < 100) {
      throw malformed("expected a status from 100 to 999", line);
    }
    return status;
  }

  /// Reads the header fields.
  ///
  /// @return the length of the body, [#CHUNKED] or [#TO_THE_END]
  private long fields() throws IOException {
    long length = TO_THE_END;
    int count = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (++count > MAX_FIELDS) {
        throw new IOException("the answer has more than " + MAX_FIELDS + " header fields");
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw malformed("expected a header field", line);
      }
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (name.equalsIgnoreCase("Content-Length")) {
        if (length != CHUNKED) {
          length = number(value, 10, line);
        }
      } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
        if (!value.equalsIgnoreCase("chunked")) {
          throw malformed("expected no transfer coding but chunked", line);
        }
        length = CHUNKED;
      } else if (name.equalsIgnoreCase("Fleet-Warning")) {
        warning = value;
      } else if (name.equalsIgnoreCase("Connection") && value.equalsIgnoreCase("close")) {
        keepsOpen = false;
      }
    }
    return length;
  }

  private String body(long length) throws IOException {
    var body =
        new ByteArrayOutputStream(length == TO_THE_END ? 1024 : (int) Math.min(length, 1 << 20));
    if (length == TO_THE_END) {
      keepsOpen = false;
      while (fill()) {
        take(body, buffer.remaining());
      }
    } else {
      take(body, length);
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private String chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      String line = line();
      int end = line.indexOf(';'); // extensions mean nothing to us
      int size = number((end < 0 ? line : line.substring(0, end)).strip(), 16, line);
      if (size == 0) {
        break;
      }
      take(body, size);
      if (!line().isEmpty()) {
        throw new IOException("a chunk of the answer is longer than it says");
      }
    }
    while (!line().isEmpty()) {
      // Trailers are read and forgotten.
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private void take(ByteArrayOutputStream body, long count) throws IOException {
    if (body.size() + count > MAX_BODY) {
      throw new IOException("the answer is longer than " + MAX_BODY + " bytes");
    }
    for (long missing = count; missing > 0; ) {
      if (!fill()) {
        throw new IOException("the connection was closed in the middle of the answer");
      }
      int here = (int) Math.min(missing, buffer.remaining());
      body.write(buffer.array(), buffer.position(), here);
      buffer.position(buffer.position() + here);
      missing -= here;
    }
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream(80);
    while (true) {
      if (!fill()) {
        throw new IOException("the connection was closed in the middle of the answer");
      }
      byte next = buffer.get();
      if (next == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(next);
      if (line.size() > MAX_LINE) {
        throw malformed("expected lines below 64 KiB", line.toString(StandardCharsets.ISO_8859_1));
      }
    }
  }

  /// Makes sure that there is a byte in the buffer; false if there are none to come.
  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int count = connection.read(buffer);
    buffer.flip();
    return count > 0;
  }

  private static int number(String digits, int radix, String line) throws IOException {
    try {
      int number = Integer.parseInt(digits, radix);
      if (number >= 0 && digits.charAt(0) != '+') {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, in words that name the line.
    }
    throw malformed("expected a number, found \"" + digits + "\"", line);
  }

  private static IOException malformed(String expected, String line) {
    String excerpt = line.length() > 60 ? line.substring(0, 60) + "…" : line;
    return new IOException(
        "this is no answer of an HTTP server: " + expected + " in \"" + excerpt + "\"");
  }
}
