package fleet.ctl.remote;

import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.api.client.Endpoint;
import fleet.api.client.Unreachable;
import fleet.ctl.console.Console;
import fleet.ctl.remote.ParallelRequests.Unfinished;
import java.nio.file.Files;
import java.util.List;

/// Says that a request failed, why, what is not done for it, and what the user can do.
public final class ErrorText {

  private static final int UNAVAILABLE = 503;

  private ErrorText() {}

  /// Why the API refused what was asked of it, for people.
  ///
  /// @throws ApiException if the refusal is about the server rather than about what was asked, so
  ///     that to ask for the next unit would be in vain
  public static String refusal(ApiException refusal) {
    if (refusal.code() == UNAVAILABLE) {
      throw refusal;
    }
    return reason(refusal);
  }

  /// Why a request failed, for people. What the server says begins as in fleet 1.0, whose client
  /// was Google's: scripts look for that.
  public static String reason(ClientException failure) {
    return failure instanceof ApiException refusal
        ? "googleapi: " + refusal.getMessage()
        : String.valueOf(failure.getMessage());
  }

  /// Prints `what`, the reason in the place of `%`, and hints if the API did not answer at all.
  public static void print(Console console, String what, ClientException failure) {
    console.complain(what.replace("%", reason(failure)));
    if (failure instanceof Unreachable unreachable) {
      console.complain("Possible issues:");
      if (unreachable.endpoint() instanceof Endpoint.Unix unix && !Files.exists(unix.path())) {
        console.complain("  fleetd is not running here: start it with \"systemctl start fleet\"");
      } else {
        console.complain(
            "  fleetd is not running or not well there: see \"systemctl status fleet\"");
      }
      console.complain("  the API is elsewhere: say where with --endpoint=http://HOST:PORT");
    }
  }

  /// Names, one by one, what is not done because the API did not answer. To ask for it once more
  /// does no harm.
  ///
  /// @param done what the items would be, as in `started`
  public static void printUnfinished(Console console, String done, List<Unfinished<String>> items) {
    for (Unfinished<String> each : items) {
      console.complain((each.begun() ? "Not known to be " : "Not ") + done + ": " + each.item());
    }
  }
}
