package fleet.api.service;

import fleet.api.message.Request;
import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// The units that fleet v1's client has told to be loaded within the last second.
///
/// To restart a unit that client tells it to be loaded, looks after 250 ms, and then every 250 ms
/// for it to be *launched*; only then does it tell it to be launched (`fleetctl/restart.go`). Its
/// agents were so slow that the unit was still launched at the first look; ours has stopped it by
/// then, so that the client would wait for ever. To that client alone, which one knows by its
/// `User-Agent`, such a unit is called launched for one second.
final class JustLowered {

  private static final String CLIENT = "google-api-go-client/";
  private static final Duration LENGTH = Duration.ofSeconds(1);

  private final Environment environment;

  /// When the second of each ends: the first ends first. Guarded by this.
  private final Map<UnitName, Duration> ends = new LinkedHashMap<>();

  JustLowered(Environment environment) {
    this.environment = environment;
  }

  /// Whether a request comes from fleet v1's client.
  static boolean isOfClient(Request request) {
    return request.header("User-Agent").stream().anyMatch(agent -> agent.startsWith(CLIENT));
  }

  /// Notes that the client has lowered a unit, now.
  synchronized void add(UnitName unit) {
    forgetOld();
    ends.remove(unit);
    ends.put(unit, environment.uptime().plus(LENGTH));
  }

  /// Notes that somebody wants the unit to be something else.
  synchronized void remove(UnitName unit) {
    ends.remove(unit);
  }

  /// Whether the unit's second has not ended.
  synchronized boolean contains(UnitName unit) {
    forgetOld();
    return ends.containsKey(unit);
  }

  private void forgetOld() {
    Duration now = environment.uptime();
    while (!ends.isEmpty() && ends.values().iterator().next().compareTo(now) <= 0) {
      ends.remove(ends.keySet().iterator().next());
    }
  }
}
