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
  /// @param ran whether anything of it ran there, so that its journal may have something to say
  /// @param log the last lines of its journal, the newest last
  record Failed(String reason, String machineId, boolean ran, List<String> log) implements Verdict {
    public Failed {
      log = List.copyOf(log);
    }

    /// On no machine.
    static Failed nowhere(String reason) {
      return new Failed(reason, "", false, List.of());
    }

    /// Before anything of it ran.
    static Failed before(String reason, String machineId) {
      return new Failed(reason, machineId, false, List.of());
    }

    /// Whether the last lines of its journal may yet come.
    boolean mayTellMore() {
      return ran && log.isEmpty();
    }
  }

  /// On some of the machines that are to have it, it will not get there by waiting; the others have
  /// come to an end, too.
  record Several(List<Failed> failures) implements Verdict {
    public Several {
      failures = List.copyOf(failures);
    }
  }

  /// It seems to have ended so, by how its machine reports it, which says nothing of orders. That
  /// is believed if it remains so, since agents of an earlier fleet never say more.
  record Unconfirmed(Verdict likely) implements Verdict {}
}
