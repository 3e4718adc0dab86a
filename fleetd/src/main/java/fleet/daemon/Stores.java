package fleet.daemon;

import fleet.cluster.store.Store;
import fleet.daemon.config.Configuration;
import fleet.store.embedded.EmbeddedStore;
import fleet.store.etcd.EtcdOptions;
import fleet.store.etcd.EtcdStore;
import fleet.store.served.ServedStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Opens the store that the configuration names.
final class Stores {

  private Stores() {}

  /// @param open takes what must be closed, the last first
  static Store open(Configuration.Store configuration, Deque<AutoCloseable> open)
      throws IOException {
    return switch (configuration) {
      case Configuration.Store.Embedded embedded -> {
        var store = EmbeddedStore.open(embedded.directory());
        open.push(store);
        if (!embedded.listen().isEmpty()) {
          open.push(
              ServedStore.serve(
                  store,
                  embedded.listen().stream()
                      .map(address -> new InetSocketAddress(address.host(), address.port()))
                      .toList(),
                  embedded
                      .tls()
                      .map(
                          tls ->
                              new ServedStore.Tls(tls.certFile(), tls.keyFile(), tls.caFile()))));
        }
        yield store;
      }
      case Configuration.Store.Etcd etcd -> {
        var store =
            EtcdStore.connect(
                new EtcdOptions(
                    etcd.servers(),
                    etcd.requestTimeout(),
                    etcd.credentials()
                        .map(who -> new EtcdOptions.Credentials(who.username(), who.password())),
                    etcd.caFile(),
                    etcd.certFile(),
                    etcd.keyFile()));
        open.push(store);
        yield store;
      }
    };
  }

  /// Since when a store takes nothing, or not everything, if it is this machine's to know.
  static Supplier<Optional<Instant>> unwritableSince(Store store) {
    return store instanceof EmbeddedStore embedded
        ? embedded.ledger()::unwritableSince
        : Optional::empty;
  }

  /// Where the cluster lies, for the log.
  static String describe(Configuration.Store configuration) {
    return switch (configuration) {
      case Configuration.Store.Embedded embedded ->
          embedded.directory()
              + (embedded.listen().isEmpty() ? "" : ", served at " + embedded.listen());
      case Configuration.Store.Etcd etcd ->
          etcd.servers().stream().map(URI::toString).collect(Collectors.joining(","));
    };
  }
}
