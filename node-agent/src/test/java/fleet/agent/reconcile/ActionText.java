package fleet.agent.reconcile;

import fleet.agent.reconcile.AgentAction.Adopt;
import fleet.agent.reconcile.AgentAction.Install;
import fleet.agent.reconcile.AgentAction.Reload;
import fleet.agent.reconcile.AgentAction.Remove;
import fleet.agent.reconcile.AgentAction.Restart;
import fleet.agent.reconcile.AgentAction.Start;
import fleet.agent.reconcile.AgentAction.Stop;
import fleet.agent.reconcile.AgentAction.Try;
import fleet.agent.reconcile.AgentAction.Wait;
import java.util.List;
import java.util.stream.Collectors;

/// What is to be done, as transcripts have it.
public final class ActionText {

  private ActionText() {}

  /// One line an action; `nothing` if there is none.
  public static String of(List<AgentAction> actions) {
    if (actions.isEmpty()) {
      return "nothing\n";
    }
    return actions.stream()
        .map(
            action ->
                switch (action) {
                      case Stop(var unit, var reason) -> "stop " + unit + ": " + reason.text();
                      case Install(var assignment, var reason) ->
                          "install " + assignment.unit() + ": " + reason.text();
                      case Remove(var unit, var reason) -> "remove " + unit + ": " + reason.text();
                      case Reload() -> "reload";
                      case Adopt(var unit, var as, var reason) ->
                          "adopt "
                              + unit
                              + " as "
                              + as.target().text()
                              + " "
                              + as.generation()
                              + ": "
                              + reason.text();
                      case Start(var assignment, var reason) ->
                          "start " + assignment.unit() + ": " + reason.text();
                      case Restart(var assignment, var reason) ->
                          "restart " + assignment.unit() + ": " + reason.text();
                      case Try(var assignment, var reason) ->
                          "try " + assignment.unit() + ": " + reason.text();
                      case Wait(var unit, var reason) -> "wait for " + unit + ": " + reason.text();
                    }
                    + "\n")
        .collect(Collectors.joining());
  }
}
