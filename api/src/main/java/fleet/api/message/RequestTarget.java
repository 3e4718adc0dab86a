package fleet.api.message;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// What a request is about: a decoded path, and parameters.
///
/// @param path begins with a slash; may contain any character, decoded slashes among them
/// @param query as it was sent, without the question mark
public record RequestTarget(String path, String query) {

  /// Reads the target of a request (RFC 9112, section 3.2), in origin form or absolute form.
  ///
  /// @param text the bytes that were sent, each as one character
  public static Parsed<RequestTarget> parse(String text) {
    String origin = withoutAuthority(text);
    int mark = origin.indexOf('?');
    String path = mark < 0 ? origin : origin.substring(0, mark);
    String query = mark < 0 ? "" : origin.substring(mark + 1);
    return switch (Percent.decode(path, false)) {
      case Ok<String>(var decoded) ->
          new Ok<>(new RequestTarget(decoded.startsWith("/") ? decoded : "/" + decoded, query));
      case Malformed<String>(var reason) -> new Malformed<>("invalid path: " + reason);
    };
  }

  private static String withoutAuthority(String text) {
    int scheme = text.indexOf("://");
    if (scheme < 0 || text.startsWith("/")) {
      return text;
    }
    int slash = text.indexOf('/', scheme + 3);
    return slash < 0 ? "/" : text.substring(slash);
  }

  /// The path that says the same without empty, `.` and `..` segments. A slash at the end is kept:
  /// it makes a different path.
  public String cleanPath() {
    var kept = new ArrayDeque<String>();
    for (String segment : path.split("/", -1)) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> kept.pollLast();
        default -> kept.addLast(segment);
      }
    }
    String clean = "/" + String.join("/", kept);
    return path.endsWith("/") && clean.length() > 1 ? clean + "/" : clean;
  }

  /// The values of a parameter, in the order in which they were sent. What is not encoded well is
  /// passed over, as fleet v1 did.
  public List<String> parameter(String name) {
    var values = new ArrayList<String>();
    for (String pair : query.split("[&;]")) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (Percent.decode(key, true).equals(new Ok<>(name))
          && Percent.decode(value, true) instanceof Ok<String>(var decoded)) {
        values.add(decoded);
      }
    }
    return values;
  }

  /// The first value of a parameter; empty if there is none.
  public String first(String name) {
    List<String> values = parameter(name);
    return values.isEmpty() ? "" : values.getFirst();
  }
}
