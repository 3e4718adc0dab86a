package fleet.ctl.remote;

import fleet.ctl.console.Caller;
import fleet.ctl.remote.Lanes.Left;
import java.util.List;

/// Names, one by one, what is not done because the API did not answer. To ask for it once more does
/// no harm.
public final class Leftovers {

  private Leftovers() {}

  /// Names some items.
  ///
  /// @param done what they would be, as in `started`
  public static void tell(Caller caller, String done, List<Left<String>> left) {
    for (Left<String> each : left) {
      caller.complain((each.begun() ? "Not known to be " : "Not ") + done + ": " + each.item());
    }
  }
}
