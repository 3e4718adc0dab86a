package fleet.daemon.config;

import fleet.daemon.config.Configuration.Agent;
import fleet.daemon.config.Configuration.Api;
import fleet.daemon.config.Configuration.Engine;
import fleet.daemon.config.Configuration.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a daemon that runs can make of another configuration.
///
/// @param configuration to go on with: the new values of what can change while it runs, the old
///     ones of all else
/// @param changes all keys whose values differ
public record Reload(Configuration configuration, List<Change> changes) {

  public Reload {
    changes = List.copyOf(changes);
  }

  /// A key whose value differs.
  ///
  /// @param before, after as people may read them; a password is not shown
  /// @param applied whether it can change while the daemon runs; else it takes a restart
  public record Change(String key, String before, String after, boolean applied) {}

  private record Value(Key key, boolean live, Function<Configuration, Object> of) {}

  private static final String NONE = "none";

  private static final List<Value> VALUES =
      List.of(
          live(Key.VERBOSITY, c -> c.debug() ? 1 : 0),
          live(Key.PUBLIC_IP, c -> c.agent().publicIp().orElse(NONE)),
          live(Key.METADATA, c -> c.agent().metadata()),
          live(Key.DISABLE_ENGINE, c -> !c.engine().enabled()),
          live(Key.TOKEN_LIMIT, c -> c.api().pageSize()),
          fixed(Key.AGENT_TTL, c -> c.agent().ttl()),
          fixed(Key.UNITS_DIRECTORY, c -> c.agent().unitsDirectory()),
          fixed(Key.DATA_DIRECTORY, c -> c.agent().dataDirectory()),
          fixed(Key.SYSTEMD_USER, c -> c.agent().user()),
          fixed(Key.ENGINE_RECONCILE_INTERVAL, c -> c.engine().reconcileInterval()),
          fixed(Key.EVICT_SHARE, c -> c.engine().evictShare()),
          fixed(Key.API_SOCKET, c -> c.api().socket()),
          fixed(Key.API_LISTEN, c -> c.api().listen()),
          fixed(Key.ETCD_KEY_PREFIX, c -> c.store().prefix()),
          fixed(Key.ETCD_SERVERS, etcd(Store.Etcd::servers)),
          fixed(Key.ETCD_REQUEST_TIMEOUT, etcd(Store.Etcd::requestTimeout)),
          fixed(Key.ETCD_USERNAME, etcd(e -> optional(e.credentials().map(c -> c.username())))),
          fixed(Key.ETCD_PASSWORD, etcd(e -> optional(e.credentials().map(c -> c.password())))),
          fixed(Key.ETCD_CAFILE, etcd(e -> optional(e.caFile()))),
          fixed(Key.ETCD_CERTFILE, etcd(e -> optional(e.certFile()))),
          fixed(Key.ETCD_KEYFILE, etcd(e -> optional(e.keyFile()))),
          fixed(Key.STORE_LISTEN, embedded(Store.Embedded::listen)),
          fixed(Key.STORE_CERTFILE, embedded(e -> optional(e.tls().map(t -> t.certFile())))),
          fixed(Key.STORE_KEYFILE, embedded(e -> optional(e.tls().map(t -> t.keyFile())))),
          fixed(Key.STORE_CAFILE, embedded(e -> optional(e.tls().flatMap(t -> t.caFile())))));

  private static Value live(Key key, Function<Configuration, Object> of) {
    return new Value(key, true, of);
  }

  private static Value fixed(Key key, Function<Configuration, Object> of) {
    return new Value(key, false, of);
  }

  private static Object optional(Optional<?> value) {
    return value.isPresent() ? value.get() : NONE;
  }

  private static Function<Configuration, Object> etcd(Function<Store.Etcd, Object> of) {
    return c ->
        switch (c.store()) {
          case Store.Etcd etcd -> of.apply(etcd);
          case Store.Embedded _ -> NONE;
        };
  }

  private static Function<Configuration, Object> embedded(Function<Store.Embedded, Object> of) {
    return c ->
        switch (c.store()) {
          case Store.Embedded embedded -> of.apply(embedded);
          case Store.Etcd _ -> NONE;
        };
  }

  static int comparedKeys() {
    return VALUES.size();
  }

  /// What a daemon that runs on `before` makes of `after`.
  public static Reload of(Configuration before, Configuration after) {
    var changes = new ArrayList<Change>();
    for (Value value : VALUES) {
      Object was = value.of.apply(before);
      Object is = value.of.apply(after);
      if (!was.equals(is)) {
        boolean secret = value.key == Key.ETCD_PASSWORD;
        changes.add(
            new Change(
                value.key.text(),
                secret ? "…" : was.toString(),
                secret ? "…" : is.toString(),
                value.live));
      }
    }
    Agent agent = before.agent();
    var configuration =
        new Configuration(
            after.debug(),
            new Agent(
                agent.ttl(),
                after.agent().publicIp(),
                after.agent().metadata(),
                agent.unitsDirectory(),
                agent.dataDirectory(),
                agent.user()),
            new Engine(
                after.engine().enabled(),
                before.engine().ttl(),
                before.engine().reconcileInterval(),
                before.engine().evictShare()),
            before.store(),
            new Api(before.api().socket(), before.api().listen(), after.api().pageSize()),
            after.warnings());
    return new Reload(configuration, changes);
  }
}
