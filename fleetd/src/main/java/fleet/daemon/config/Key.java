package fleet.daemon.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Every key of the configuration. Those that fleet v1 did not have are marked so.
enum Key {
  VERBOSITY,
  ETCD_SERVERS,
  ETCD_USERNAME,
  ETCD_PASSWORD,
  ETCD_CAFILE,
  ETCD_CERTFILE,
  ETCD_KEYFILE,
  ETCD_KEY_PREFIX,
  ETCD_REQUEST_TIMEOUT,
  ENGINE_RECONCILE_INTERVAL,
  PUBLIC_IP,
  METADATA,
  AGENT_TTL,
  UNITS_DIRECTORY,
  SYSTEMD_USER,
  TOKEN_LIMIT,
  DISABLE_ENGINE,

  /// New: how much of the cluster may be silent at once before evictions wait.
  EVICT_SHARE,
  /// New: the directory for what must survive a reboot.
  DATA_DIRECTORY,
  /// New: where the embedded store is served to other machines.
  STORE_LISTEN,
  /// New.
  STORE_CERTFILE,
  /// New.
  STORE_KEYFILE,
  /// New.
  STORE_CAFILE,
  /// New: the API's unix socket, where systemd passes none.
  API_SOCKET,
  /// New: TCP addresses of the API, where v1 needed a socket unit.
  API_LISTEN,

  /// Of v1, without effect: all that it was made for is so anyway.
  ENABLE_GRPC,
  /// Of v1, without effect: watches cost nothing now.
  DISABLE_WATCHES,
  /// Deprecated in v1 already.
  VERIFY_UNITS,
  /// Deprecated in v1 already.
  AUTHORIZED_KEYS_FILE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /// The key as it stands in the file.
  String text() {
    return text;
  }

  /// All keys.
  static List<String> texts() {
    return Arrays.stream(values()).map(Key::text).toList();
  }

  /// The variable that overrides it.
  String variable() {
    return "FLEET_" + name();
  }
}
