package fleet.api.http;

import java.nio.file.Path;

/// Where to listen.
public sealed interface ListenAddress {

  /// A unix socket, for the owner and the group of the process (mode 0660).
  record Unix(Path path) implements ListenAddress {
    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /// A TCP port.
  ///
  /// @param host a name or an address of this machine
  /// @param port 0 for any that is free
  record Tcp(String host, int port) implements ListenAddress {
    @Override
    public String toString() {
      return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }
}
