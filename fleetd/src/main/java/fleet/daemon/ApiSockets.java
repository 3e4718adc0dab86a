package fleet.daemon;

import fleet.api.http.InheritedSockets;
import fleet.api.http.ListenAddress;
import fleet.api.http.Listener;
import fleet.daemon.config.Configuration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The sockets on which the API is served: what systemd passes, and what the configuration names.
final class ApiSockets {

  private ApiSockets() {}

  /// Takes what systemd passes; if that is nothing, opens one itself.
  static List<Listener> open(Configuration.Api configuration) throws IOException {
    List<Listener> listeners = new ArrayList<>(InheritedSockets.take(System.getenv()));
    if (listeners.isEmpty()) {
      listeners.add(Listener.on(new ListenAddress.Unix(configuration.socket())));
    }
    for (var address : configuration.listen()) {
      listeners.add(Listener.on(new ListenAddress.Tcp(address.host(), address.port())));
    }
    return listeners;
  }
}
