package fleet.ctl.wait;

import fleet.api.ExplanationResource.Veto;
import java.util.List;

/// How a unit stands to its goal.
public sealed interface Verdict {

  /// It is there.
  ///
  /// @param state how far it has come: `inactive`, `loaded`, `launched`; empty if it is gone
  /// @param machineId where; empty if on no machine
  record Reached(String state, String machineId) implements Verdict {}

  /// It is on its way.
  ///
  /// @param missing what has yet to happen, for people
  /// @param machineId where; empty if on no machine
  record Pending(String missing, String machineId) implements Verdict {}

  /// No machine can take it now. It is placed once one can, unless the user gives up on it.
  record Unplaced(String summary, List<Veto> vetoes) implements Verdict {
    public Unplaced {
      vetoes = List.copyOf(vetoes);
    }
  }

  /// It will not get there by waiting.
  ///
  /// @param machineId where it failed; empty if that was on no machine
  /// @param log the last lines of its journal there, the newest last
  record Failed(String reason, String machineId, List<String> log) implements Verdict {
    public Failed {
      log = List.copyOf(log);
    }

    /// On no machine, so that there is no journal.
    Failed(String reason) {
      this(reason, "", List.of());
    }
  }
}
