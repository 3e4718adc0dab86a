package fleet.store.served;

import fleet.store.embedded.EmbeddedStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A process that serves the embedded store of a folder, as `fleetd` does, until it is killed.
final class ServingProcess {

  private ServingProcess() {}

  /// @param arguments the folder, and the port to serve at
  public static void main(String[] arguments) throws Exception {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
    var store = EmbeddedStore.open(Path.of(arguments[0]));
    var served = ServedStore.serve(store, List.of(address), Optional.empty());
    System.out.println("serving at " + served.addresses());
    Thread.currentThread().join();
  }
}
