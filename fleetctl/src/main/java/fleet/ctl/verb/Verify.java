package fleet.ctl.verb;

import fleet.ctl.console.Synopsis;
import java.util.List;

/// `fleetctl verify`, which fleet 1.0 had already given up.
public final class Verify implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "verify",
        "DEPRECATED - No longer works",
        "UNIT",
        """
        DEPRECATED - No longer works.
        """,
        List.of());
  }

  @Override
  public int run(Invocation invocation) {
    invocation
        .caller()
        .complain("WARNING: The signed/verified units feature is DEPRECATED and cannot be used.");
    return Exit.USAGE;
  }
}
