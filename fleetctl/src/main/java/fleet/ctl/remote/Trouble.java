package fleet.ctl.remote;

import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.api.client.Endpoint;
import fleet.api.client.Unreachable;
import fleet.ctl.console.Caller;
import java.nio.file.Files;

/// Says that a request failed, why, and what the user can do.
public final class Trouble {

  private static final int UNAVAILABLE = 503;

  private Trouble() {}

  /// Whether a refusal is about the server rather than about what was asked of it, so that to ask
  /// for the next unit would be in vain.
  public static boolean isOfAll(ApiException refusal) {
    return refusal.code() == UNAVAILABLE;
  }

  /// Why a request failed, for people. What the server says begins as in fleet 1.0, whose client
  /// was Google's: scripts look for that.
  public static String reason(ClientException failure) {
    return failure instanceof ApiException refusal
        ? "googleapi: " + refusal.getMessage()
        : String.valueOf(failure.getMessage());
  }

  /// Prints `what`, the reason in the place of `%`, and hints if the API did not answer at all.
  public static void tell(Caller caller, String what, ClientException failure) {
    caller.complain(what.replace("%", reason(failure)));
    if (failure instanceof Unreachable unreachable) {
      caller.complain("Possible issues:");
      if (unreachable.endpoint() instanceof Endpoint.Unix unix && !Files.exists(unix.path())) {
        caller.complain("  fleetd is not running here: start it with \"systemctl start fleet\"");
      } else {
        caller.complain(
            "  fleetd is not running or not well there: see \"systemctl status fleet\"");
      }
      caller.complain("  the API is elsewhere: say where with --endpoint=http://HOST:PORT");
    }
  }
}
