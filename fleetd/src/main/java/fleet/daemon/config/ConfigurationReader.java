package fleet.daemon.config;

import fleet.daemon.config.Configuration.Agent;
import fleet.daemon.config.Configuration.Api;
import fleet.daemon.config.Configuration.Credentials;
import fleet.daemon.config.Configuration.Engine;
import fleet.daemon.config.Configuration.ServerTls;
import fleet.daemon.config.Configuration.Store;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Turns settings into a [Configuration], and checks how they fit together.
final class ConfigurationReader {

  private static final Duration LONGEST_LEADER_TTL = Duration.ofSeconds(10);
  private static final Duration SHORTEST_TTL = Duration.ofSeconds(2);

  private ConfigurationReader() {}

  static Parsed<Configuration> read(
      String source, String text, SortedMap<String, String> environment) {
    return switch (IniFile.parse(text)) {
      case Malformed<SortedMap<String, IniFile.Setting>>(var reason) ->
          new Malformed<>(source + ": " + reason.replace("\n", "\n" + source + ": "));
      case Ok<SortedMap<String, IniFile.Setting>>(var file) ->
          read(new Settings(source, file, environment));
    };
  }

  private static Parsed<Configuration> read(Settings settings) {
    settings.warnOfUnknownKeys();
    boolean debug = settings.integer(Key.VERBOSITY, 0, 0, Integer.MAX_VALUE) > 0;
    var data = settings.path(Key.DATA_DIRECTORY, Path.of("/var/lib/fleet"));
    var agent = agent(settings, data);
    var configuration =
        new Configuration(
            debug,
            agent,
            new Engine(
                !settings.flag(Key.DISABLE_ENGINE),
                agent.ttl().compareTo(LONGEST_LEADER_TTL) < 0 ? agent.ttl() : LONGEST_LEADER_TTL,
                settings.seconds(Key.ENGINE_RECONCILE_INTERVAL, Duration.ofSeconds(30)),
                settings.share(Key.EVICT_SHARE, 0.5)),
            settings.isSet(Key.ETCD_SERVERS) ? etcd(settings) : embedded(settings, data),
            api(settings),
            settings.warnings());
    return settings.problems().isEmpty()
        ? new Ok<>(configuration)
        : new Malformed<>(String.join("\n", settings.problems()));
  }

  private static Api api(Settings settings) {
    var listen = settings.addresses(Key.API_LISTEN);
    settings.warnOfOpenness(
        Key.API_LISTEN,
        listen,
        "see to it that only administrators reach it, or listen on 127.0.0.1 and use fleetctl"
            + " --tunnel");
    return new Api(
        settings.path(Key.API_SOCKET, Path.of("/run/fleet.sock")),
        listen,
        settings.integer(Key.TOKEN_LIMIT, 100, 1, 65_535));
  }

  private static Agent agent(Settings settings, Path data) {
    var ttl = settings.duration(Key.AGENT_TTL, Duration.ofSeconds(3));
    if (ttl.compareTo(SHORTEST_TTL) < 0) {
      settings.problem(
          Key.AGENT_TTL, "2s or more, since etcd knows no shorter lease", ttl.toMillis() + "ms");
    }
    return new Agent(
        ttl,
        settings.text(Key.PUBLIC_IP),
        settings.metadata(Key.METADATA),
        settings.path(Key.UNITS_DIRECTORY, Path.of("/run/fleet/units")),
        data,
        settings.flag(Key.SYSTEMD_USER));
  }

  private static Store embedded(Settings settings, Path data) {
    for (Key key :
        List.of(
            Key.ETCD_USERNAME,
            Key.ETCD_PASSWORD,
            Key.ETCD_CAFILE,
            Key.ETCD_CERTFILE,
            Key.ETCD_KEYFILE,
            Key.ETCD_REQUEST_TIMEOUT)) {
      settings.warnIfSet(key, "has no effect without etcd_servers");
    }
    var listen = settings.addresses(Key.STORE_LISTEN);
    if (listen.isEmpty()) {
      for (Key key : List.of(Key.STORE_CERTFILE, Key.STORE_KEYFILE, Key.STORE_CAFILE)) {
        settings.warnIfSet(key, "has no effect without store_listen");
      }
    }
    var tls = serverTls(settings);
    if (tls.flatMap(ServerTls::caFile).isEmpty()) {
      settings.warnOfOpenness(
          Key.STORE_LISTEN,
          listen,
          "set store_certfile, store_keyfile and store_cafile, or see to it that only machines of"
              + " the cluster reach it");
    }
    return new Store.Embedded(prefix(settings), data.resolve("store"), listen, tls);
  }

  private static Optional<ServerTls> serverTls(Settings settings) {
    var certificate = settings.file(Key.STORE_CERTFILE);
    var key = settings.file(Key.STORE_KEYFILE);
    var authority = settings.file(Key.STORE_CAFILE);
    settings.together(Key.STORE_CERTFILE, Key.STORE_KEYFILE);
    if (authority.isPresent() && certificate.isEmpty()) {
      settings.problem(
          Key.STORE_CAFILE, "store_certfile and store_keyfile beside it", "neither of them");
    }
    return certificate.flatMap(c -> key.map(k -> new ServerTls(c, k, authority)));
  }

  private static Store etcd(Settings settings) {
    for (Key key :
        List.of(Key.STORE_LISTEN, Key.STORE_CERTFILE, Key.STORE_KEYFILE, Key.STORE_CAFILE)) {
      settings.warnIfSet(key, "has no effect with etcd_servers: this machine holds no store");
    }
    settings.together(Key.ETCD_USERNAME, Key.ETCD_PASSWORD);
    settings.together(Key.ETCD_CERTFILE, Key.ETCD_KEYFILE);
    var username = settings.text(Key.ETCD_USERNAME);
    var password = settings.text(Key.ETCD_PASSWORD);
    return new Store.Etcd(
        prefix(settings),
        settings.servers(Key.ETCD_SERVERS),
        settings.seconds(Key.ETCD_REQUEST_TIMEOUT, Duration.ofSeconds(1)),
        username.flatMap(name -> password.map(word -> new Credentials(name, word))),
        settings.file(Key.ETCD_CAFILE),
        settings.file(Key.ETCD_CERTFILE),
        settings.file(Key.ETCD_KEYFILE));
  }

  private static String prefix(Settings settings) {
    String prefix = settings.text(Key.ETCD_KEY_PREFIX).orElse("/_coreos.com/fleet/");
    if (prefix.chars().anyMatch(c -> c <= ' ')) {
      settings.problem(Key.ETCD_KEY_PREFIX, "a key without blanks", "\"" + prefix + "\"");
    }
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }
}
