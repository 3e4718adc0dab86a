package fleet.daemon.config;

import fleet.unit.Parsed;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that the daemon is told, checked. Its keys are those of fleet v1, and a few more.
///
/// @param debug whether to log what nothing came of, too (`verbosity` above 0)
/// @param agent how this machine presents itself and runs units
/// @param engine whether and how it competes to lead
/// @param store where the cluster lies
/// @param api where requests are answered
/// @param warnings what was set to no effect, for people to read
public record Configuration(
    boolean debug, Agent agent, Engine engine, Store store, Api api, List<String> warnings) {

  public Configuration {
    warnings = List.copyOf(warnings);
  }

  /// @param ttl how long the cluster waits for a silent machine before its units move (`agent_ttl`)
  /// @param publicIp the address that others are told; empty to find out (`public_ip`)
  /// @param metadata what units may ask for with `MachineMetadata=` (`metadata`)
  /// @param unitsDirectory where unit files are written (`units_directory`)
  /// @param dataDirectory where the last assignments are kept (`data_directory`)
  /// @param user whether to drive the user's service manager rather than the system's
  ///     (`systemd_user`)
  public record Agent(
      Duration ttl,
      Optional<String> publicIp,
      SortedMap<String, String> metadata,
      Path unitsDirectory,
      Path dataDirectory,
      boolean user) {
    public Agent {
      metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }
  }

  /// @param enabled whether this machine may lead (not `disable_engine`)
  /// @param ttl of the leader's lease: that of machines, at most ten seconds
  /// @param reconcileInterval how often the leader plans although nothing has changed
  ///     (`engine_reconcile_interval`)
  /// @param evictShare of all machines that may be silent at once before evictions wait, from 0 to
  ///     1 (`evict_share`)
  public record Engine(
      boolean enabled, Duration ttl, Duration reconcileInterval, double evictShare) {}

  /// Where the cluster lies.
  public sealed interface Store {

    /// What all keys begin with (`etcd_key_prefix`).
    String prefix();

    /// On this machine's disk.
    ///
    /// @param directory below `data_directory`
    /// @param listen where other machines may reach it over etcd's protocol (`store_listen`); none
    ///     by default
    /// @param tls what it proves itself by there
    record Embedded(String prefix, Path directory, List<Address> listen, Optional<ServerTls> tls)
        implements Store {
      public Embedded {
        listen = List.copyOf(listen);
      }
    }

    /// In etcd, or in the embedded store that another machine serves (`etcd_servers`).
    record Etcd(
        String prefix,
        List<URI> servers,
        Duration requestTimeout,
        Optional<Credentials> credentials,
        Optional<Path> caFile,
        Optional<Path> certFile,
        Optional<Path> keyFile)
        implements Store {
      public Etcd {
        servers = List.copyOf(servers);
      }
    }
  }

  /// A name and a password (`etcd_username`, `etcd_password`).
  public record Credentials(String username, String password) {}

  /// @param certFile, keyFile what the server proves itself by
  /// @param caFile who must have signed a client's certificate; empty if clients need none
  public record ServerTls(Path certFile, Path keyFile, Optional<Path> caFile) {}

  /// A host and a port to listen on.
  public record Address(String host, int port) {

    /// Whether only this machine can reach it. Of names, only the one that always means that
    // counts.
    boolean isLoopback() {
      return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }
  }

  /// @param socket where systemd passes no socket (`api_socket`)
  /// @param listen TCP addresses, besides the socket and what systemd passes (`api_listen`)
  /// @param pageSize how many entries an answer has at most (`token_limit`), 1 to 65535
  public record Api(Path socket, List<Address> listen, int pageSize) {
    public Api {
      listen = List.copyOf(listen);
    }
  }

  /// The configuration that a file and the environment make, or all that is wrong with them.
  ///
  /// The environment wins: `FLEET_` and the key in capitals, even if empty.
  ///
  /// @param source names the file in messages
  public static Parsed<Configuration> of(
      String source, String file, SortedMap<String, String> environment) {
    return ConfigurationReader.read(source, file, environment);
  }
}
