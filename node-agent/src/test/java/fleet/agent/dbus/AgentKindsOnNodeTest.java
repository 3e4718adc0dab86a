package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.TargetState;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Units of every kind that systemd can load from a file, on a real machine.
final class AgentKindsOnNodeTest extends AgentNodeScene {

  /// What each says when it is up.
  private static final String UP =
      "fk-idle.service inactive dead; fk.path active waiting; fk.service active running;"
          + " fk.slice active active; fk.socket active listening; fk.target active active;"
          + " fk.timer active waiting; run-fk.mount active mounted";

  private static SortedMap<String, String> files() {
    var files = new TreeMap<String, String>();
    files.put("fk.service", SERVICE);
    files.put("fk.socket", "[Socket]\nListenStream=/run/fk.sock\nService=fk-idle.service\n");
    files.put("fk.timer", "[Timer]\nOnActiveSec=1h\nUnit=fk-idle.service\n");
    files.put("fk.path", "[Path]\nPathExists=/no/such/file\nUnit=fk-idle.service\n");
    files.put("run-fk.mount", "[Mount]\nWhat=tmpfs\nWhere=/run/fk\nType=tmpfs\n");
    files.put("fk.target", "[Unit]\nDocumentation=man:fk\n");
    files.put("fk.slice", "[Slice]\nCPUWeight=90\n");
    return files;
  }

  @Test
  void unitsOfEveryKindStartAreReplacedStopAndGoWithoutATrace()
      throws IOException, InterruptedException {
    String before = traces();
    assign("fk-idle.service", SERVICE, TargetState.LOADED, 1);
    for (var entry : files().entrySet()) {
      launch(entry.getKey(), entry.getValue());
    }
    until(states -> states.toString().split("reached=LAUNCHED").length == files().size() + 1);
    assertEquals(UP, words());

    for (var entry : files().entrySet()) {
      launch(entry.getKey(), "[Unit]\nDescription=another\n" + entry.getValue());
    }
    for (var entry : files().entrySet()) {
      var hash = file("[Unit]\nDescription=another\n" + entry.getValue()).hash();
      until(
          entry.getKey(),
          state ->
              state.hash().equals(Optional.of(hash)) && state.reached() == TargetState.LAUNCHED);
      assertEquals("another\n", node.run("systemctl", "show", "-P", "Description", entry.getKey()));
    }
    assertEquals(UP, words());

    for (var entry : files().entrySet()) {
      assign(
          entry.getKey(),
          "[Unit]\nDescription=another\n" + entry.getValue(),
          TargetState.LOADED,
          1);
    }
    until(
        states ->
            states.values().stream()
                .allMatch(
                    state ->
                        state.reached() == TargetState.LOADED
                            && state.active().equals("inactive")));

    files().keySet().forEach(this::unassign);
    unassign("fk-idle.service");
    until(states -> states.isEmpty());
    assertEquals(before, traces());
  }

  /// Starting these would change the host: it has one set of swaps and of automounts.
  @Test
  void swapsAndAutomountsAreLoadedReplacedAndGoWithoutATrace()
      throws IOException, InterruptedException {
    String before = traces();
    var files = new TreeMap<String, String>();
    files.put("run-none.swap", "[Swap]\nWhat=/run/none\n");
    files.put("run-none.automount", "[Automount]\nWhere=/run/none\n");
    files.put("run-none.mount", "[Mount]\nWhat=tmpfs\nWhere=/run/none\nType=tmpfs\n");
    for (int generation = 1; generation <= 2; generation++) {
      for (var entry : files.entrySet()) {
        String text = "[Unit]\nDescription=" + generation + "\n" + entry.getValue();
        assign(entry.getKey(), text, TargetState.LOADED, generation);
      }
      for (var entry : files.entrySet()) {
        String text = "[Unit]\nDescription=" + generation + "\n" + entry.getValue();
        until(
            entry.getKey(),
            state ->
                state.hash().equals(Optional.of(file(text).hash()))
                    && state.load().equals("loaded")
                    && state.reached() == TargetState.LOADED);
      }
    }

    files.keySet().forEach(this::unassign);
    until(states -> states.isEmpty());
    assertEquals(before, traces());
  }
}
