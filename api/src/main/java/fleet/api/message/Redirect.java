package fleet.api.message;

import java.util.List;

/// Sends clients to the canonical form of a path, as Go's `net/http` did for fleet v1.
public final class Redirect {

  private static final String AS_THEY_ARE = "-_.~$&+,/:;=@";

  private Redirect() {}

  public static Response to(String path, String query, String method) {
    var target = new StringBuilder();
    Percent.encode(target, path, AS_THEY_ARE);
    String location = target + (query.isEmpty() ? "" : "?" + query);
    var header = new Header("Location", location);
    if (!method.equals("GET")) {
      return new Response(301, List.of(header), "");
    }
    return new Response(
        301,
        List.of(header, new Header("Content-Type", "text/html; charset=utf-8")),
        "<a href=\"" + escaped(location) + "\">Moved Permanently</a>.\n\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
