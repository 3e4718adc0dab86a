package fleet.store.etcd;

import fleet.cluster.env.Spans;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How to reach etcd.
///
/// @param endpoints such as `http://127.0.0.1:2379`, one at least; tried in this order
/// @param requestTimeout for how long a request may take, all attempts included
/// @param credentials of a user of etcd, where it asks for them
/// @param caFile in PEM, what the servers' certificates are verified by; else by what the system
///     trusts. They always are.
/// @param certFile in PEM, with which we prove who we are; only together with `keyFile`
/// @param keyFile in PEM, the private key of `certFile`
public record EtcdOptions(
    List<URI> endpoints,
    Duration requestTimeout,
    Optional<Credentials> credentials,
    Optional<Path> caFile,
    Optional<Path> certFile,
    Optional<Path> keyFile) {

  /// What fleet 1.0 waited for etcd by default.
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(1);

  public EtcdOptions {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("expected an endpoint of etcd at least, found none");
    }
    endpoints.forEach(EtcdOptions::check);
    if (!requestTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "time limit of requests to etcd: expected more than nothing, found "
              + Spans.text(requestTimeout));
    }
  }

  private static void check(URI endpoint) {
    boolean reachable =
        ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
            && endpoint.getHost() != null;
    if (!reachable) {
      throw new IllegalArgumentException(
          "endpoint of etcd: expected a URL such as http://127.0.0.1:2379, found " + endpoint);
    }
  }

  /// Plain access, with the default time limit.
  public EtcdOptions(List<URI> endpoints) {
    this(
        endpoints,
        DEFAULT_REQUEST_TIMEOUT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Who we are to etcd.
  public record Credentials(String username, String password) {
    @Override
    public String toString() {
      return "Credentials[username=" + username + "]";
    }
  }
}
