package fleet.ctl.remote;

import fleet.api.client.Endpoint;
import fleet.api.client.TlsFiles;
import fleet.ctl.console.Log;
import fleet.unit.Parsed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How the user wants the API to be reached, as yet unchecked.
///
/// @param driver `API`; fleet 1.0 had `etcd` too, by which fleetctl went past fleetd
/// @param endpoint where the API is. Of several, with commas between them, the first counts.
/// @param tls what proves who the server is, and who we are
/// @param requestTimeout how long to wait for each part of an answer
public record Access(String driver, String endpoint, TlsFiles tls, Duration requestTimeout) {

  private static final String NO_ETCD =
      " (fleetctl speaks to fleetd's API only: leave out --driver, --experimental-api and"
          + " --etcd-key-prefix, and give the API's address as --endpoint)";

  /// The endpoint to use.
  ///
  /// @throws Unusable if there is none
  Endpoint resolve(Log log) {
    switch (driver) {
      case "API" -> {}
      case "etcd" -> throw new Unusable("driver \"etcd\" is no longer available" + NO_ETCD);
      default -> throw new Unusable("unrecognized driver \"" + driver + "\"");
    }
    int comma = endpoint.indexOf(',');
    String first = comma < 0 ? endpoint : endpoint.substring(0, comma);
    if (comma >= 0) {
      log.warn("multiple endpoints provided but only the first (" + first + ") is used");
    }
    Parsed<Endpoint> parsed = Endpoint.parse(first);
    if (!(parsed instanceof Parsed.Ok<Endpoint>(var usable))) {
      // Not a switch over the two: the first of those costs 10 ms.
      throw new Unusable(((Parsed.Malformed<Endpoint>) parsed).reason());
    }
    check(tls.authorities());
    check(tls.certificate());
    check(tls.key());
    return usable;
  }

  private static void check(Optional<Path> file) {
    if (file.isPresent() && !Files.isReadable(file.get())) {
      throw new Unusable(
          "open "
              + file.get()
              + (Files.exists(file.get()) ? ": permission denied" : ": no such file or directory"));
    }
  }
}
