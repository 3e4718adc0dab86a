package fleet.api.message;

import java.util.ArrayList;
import java.util.List;

/// What a client asked for.
///
/// @param target path and query: the bytes that were sent, each as one character
/// @param body decoded as UTF-8; empty if there was none
public record Request(String method, String target, List<Header> headers, String body) {

  public Request {
    headers = List.copyOf(headers);
  }

  /// The values of all headers of that name, in the order in which they were sent.
  public List<String> header(String name) {
    var values = new ArrayList<String>();
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        values.add(header.value());
      }
    }
    return values;
  }
}
