package fleet.api.message;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Sends clients to the canonical form of a path, as Go's `net/http` did for fleet v1.
public final class Redirect {

  private static final String AS_THEY_ARE = "-_.~$&+,/:;=@";

  private Redirect() {}

  public static Response to(String path, String query, String method) {
    String location = encoded(path) + (query.isEmpty() ? "" : "?" + query);
    var header = new Header("Location", location);
    if (!method.equals("GET")) {
      return new Response(301, List.of(header), "");
    }
    return new Response(
        301,
        List.of(header, new Header("Content-Type", "text/html; charset=utf-8")),
        "<a href=\"" + escaped(location) + "\">Moved Permanently</a>.\n\n");
  }

  private static String encoded(String path) {
    var out = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (letterOrDigit || AS_THEY_ARE.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append("%%%02X".formatted((int) c));
      }
    }
    return out.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
