package fleet.api.client;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/// Where the API is served.
public sealed interface Endpoint {

  /// The endpoint as users write it, for messages.
  String text();

  /// Where requests end up: this endpoint itself, unless it is [Forwarded].
  default Endpoint target() {
    return this;
  }

  /// A unix socket.
  record Unix(Path path) implements Endpoint {
    @Override
    public String text() {
      return "unix://" + path;
    }
  }

  /// A TCP port.
  ///
  /// @param path before `/fleet/v1` in all requests: empty, or beginning with a slash
  /// @param secure whether to speak TLS
  record Tcp(String host, int port, String path, boolean secure) implements Endpoint {
    @Override
    public String text() {
      return (secure ? "https://" : "http://") + authority() + path;
    }

    /// Host and port as they stand in a URI.
    String authority() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// An endpoint that is reached through a unix socket: what comes there, somebody forwards.
  ///
  /// @param by who does, for messages
  record Forwarded(Endpoint target, Path socket, String by) implements Endpoint {
    @Override
    public String text() {
      return target.text() + " through " + by;
    }
  }

  /// Reads an endpoint: `unix:///run/fleet.sock` (or `file:`), `http://host[:port][/path]`, or
  /// `https:` likewise. The reasons are those of fleet 1.0 where it had one.
  static Parsed<Endpoint> parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return new Malformed<>("endpoint \"" + text + "\" is no URL: " + e.getReason());
    }
    String scheme = uri.getScheme();
    if (scheme == null) {
      return new Malformed<>("URL scheme undefined");
    }
    return switch (scheme) {
      case "unix", "file" -> unix(scheme, uri);
      case "http" -> tcp(text, uri, 80, false);
      case "https" -> tcp(text, uri, 443, true);
      default -> new Malformed<>("URL scheme \"" + scheme + "\" unsupported");
    };
  }

  private static Parsed<Endpoint> unix(String scheme, URI uri) {
    String authority = uri.getRawAuthority();
    if (authority != null) {
      return new Malformed<>(
          "unable to connect to host \"" + authority + "\" with scheme \"" + scheme + "\"");
    }
    String path = uri.getPath();
    if (path == null || path.isEmpty()) {
      return new Malformed<>("endpoint \"" + uri + "\" names no socket");
    }
    return new Ok<>(new Unix(Path.of(path)));
  }

  private static Parsed<Endpoint> tcp(String text, URI uri, int usualPort, boolean secure) {
    String host = uri.getHost();
    if (host == null) {
      return new Malformed<>("endpoint \"" + text + "\" names no host");
    }
    int port = uri.getPort() < 0 ? usualPort : uri.getPort();
    if (port < 1 || port > 65535) {
      return new Malformed<>("endpoint \"" + text + "\": no such port: " + port);
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String path = uri.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new Ok<>(new Tcp(bare, port, path, secure));
  }
}
