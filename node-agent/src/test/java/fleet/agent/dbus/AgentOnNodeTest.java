package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Assignment;
import fleet.cluster.Invocation;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.registry.Decision;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The whole agent, on a real machine: units come, change and go.
final class AgentOnNodeTest extends AgentNodeScene {

  @Test
  void freshUnitIsStartedAndToldOf() throws InterruptedException {
    launch("fresh.service", SERVICE);
    until("fresh.service", state -> state.active().equals("active"));
    UnitState told = until("fresh.service", state -> state.reached() == TargetState.LAUNCHED);

    assertEquals(32, told.invocation().id().length());
    assertEquals(
        new UnitState(
                TargetState.LAUNCHED,
                1,
                "loaded",
                "active",
                "running",
                Optional.of(file(SERVICE).hash()),
                "success",
                "",
                List.of())
            .ran(new Invocation(told.invocation().id(), 0, "", false)),
        told);
  }

  @Test
  void unitsOfAllKindsComeAndGoWithoutATrace() throws IOException, InterruptedException {
    String before = traces();
    var files = new TreeMap<String, String>();
    files.put("web@1.service", SERVICE + "\n[Install]\nWantedBy=multi-user.target\n");
    files.put("we\\x2db@a:b.service", SERVICE);
    files.put("job.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
    files.put("echo.socket", "[Socket]\nListenStream=/run/echo.sock\n");
    files.put("echo.service", SERVICE);
    files.put("tick.timer", "[Timer]\nOnActiveSec=1h\n");
    files.put("tick.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
    files.put("group.target", "[Unit]\nDescription=group\n");

    for (var entry : files.entrySet()) {
      boolean activated = entry.getKey().matches("(echo|tick).service");
      assign(
          entry.getKey(),
          entry.getValue(),
          activated ? TargetState.LOADED : TargetState.LAUNCHED,
          1);
    }
    until(
        states ->
            states.size() == files.size()
                && states.values().stream()
                    .noneMatch(state -> state.reached() == TargetState.INACTIVE)
                && states.toString().split("reached=LAUNCHED").length == 7);
    assertEquals(
        "echo.service inactive dead; echo.socket active listening; group.target active active;"
            + " job.service inactive dead; tick.service inactive dead; tick.timer active waiting;"
            + " we\\x2db@a:b.service active running; web@1.service active running",
        words());

    // A socket starts what fleet has only loaded, and fleet leaves it so.
    SocketChannel.open(UnixDomainSocketAddress.of(node.root().resolve("run/echo.sock"))).close();
    until("echo.service", state -> state.active().equals("active"));

    files.keySet().forEach(this::unassign);
    until(states -> states.isEmpty());
    assertEquals(before, traces());
  }

  @Test
  void agentThatIsKilledAndStartedAgainRestartsNothing() throws IOException, InterruptedException {
    for (int i = 0; i < 5; i++) {
      launch("kept@" + i + ".service", SERVICE);
    }
    until(states -> states.toString().split("sub=running").length == 6);
    String before = node.run("systemctl", "show", "kept@*", "-p", "Id,MainPID,InvocationID");

    task.interrupt();
    startAgent();
    launch("after.service", SERVICE);
    until("after.service", state -> state.reached() == TargetState.LAUNCHED);

    assertEquals(before, node.run("systemctl", "show", "kept@*", "-p", "Id,MainPID,InvocationID"));
  }

  @Test
  void replacementStartsWhenTheOldHasStopped() throws IOException, InterruptedException {
    launch(
        "turn.service",
        """
        [Service]
        ExecStart=/bin/sleep infinity
        ExecStop=/bin/sleep 0.5
        ExecStopPost=/bin/sh -c 'echo old stopped >>/run/turn'
        """);
    until("turn.service", state -> state.reached() == TargetState.LAUNCHED);

    String next =
        """
        [Service]
        ExecStartPre=/bin/sh -c 'echo new starts >>/run/turn'
        ExecStart=/bin/sleep infinity
        """;
    launch("turn.service", next);
    until(
        "turn.service",
        state ->
            state.reached() == TargetState.LAUNCHED
                && state.hash().equals(Optional.of(file(next).hash())));

    assertEquals("old stopped\nnew starts\n", node.run("cat", "/run/turn"));
  }

  @Test
  void unitThatIsStartingIsStoppedAtOnce() throws InterruptedException {
    launch("endless.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 600\n");
    until("endless.service", state -> state.active().equals("activating"));

    Duration began = environment.uptime();
    unassign("endless.service");
    until(states -> states.isEmpty());

    Duration took = environment.uptime().minus(began);
    assertTrue(took.toSeconds() < 20, () -> "it took " + took.toMillis() + " ms");
  }

  @Test
  void whatFailsIsNamedAndDisturbsNobody() throws IOException, InterruptedException {
    node.write("/run/fleet/units/garbage.service", "\u0000[");
    launch("false.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n");
    launch("empty.service", "[Service]\nType=simple\n");
    launch("alias.service", SERVICE + "\n[Install]\nAlias=alias.socket\n");
    launch("good.service", SERVICE);

    until("good.service", state -> state.active().equals("active"));
    until("false.service", state -> state.reached() == TargetState.LAUNCHED);
    assertEquals("exit-code", state("false.service").result());
    until(
        "false.service",
        state -> state.log().contains("false.service: Failed with result 'exit-code'."));
    assertEquals(
        "Unit empty.service has a bad unit file setting.",
        until("empty.service", state -> state.problem().startsWith("Unit")).problem());
    String reason = until("alias.service", state -> !state.problem().isEmpty()).problem();
    assertTrue(reason.startsWith("Failed to enable systemd unit alias.service: "), reason);
    until(states -> !states.containsKey(unit("garbage.service")));
  }

  @Test
  void systemdThatIsExecutedAnewAndABusThatRestartsLoseNothing()
      throws IOException, InterruptedException {
    launch("lasting.service", SERVICE);
    until("lasting.service", state -> state.active().equals("active"));
    String before = node.run("systemctl", "show", "lasting", "-p", "MainPID,InvocationID");

    node.run("systemctl", "daemon-reexec");
    launch("reexec.service", SERVICE);
    until("reexec.service", state -> state.active().equals("active"));
    node.run("systemctl", "restart", "dbus");
    launch("rebus.service", SERVICE);
    until("rebus.service", state -> state.active().equals("active"));

    assertEquals(before, node.run("systemctl", "show", "lasting", "-p", "MainPID,InvocationID"));
    node.run("systemctl", "kill", "-s", "KILL", "lasting");
    until("lasting.service", state -> state.active().equals("failed"));
  }

  @Test
  void machineThatLeavesGivesUpEachUnitWhenItHasStoppedAndKeepsNoFile()
      throws IOException, InterruptedException {
    String before = traces();
    launch("quick.service", SERVICE + "\n[Install]\nWantedBy=multi-user.target\n");
    launch(
        "slow.service",
        SERVICE + "ExecStop=/bin/sleep 1\nExecStopPost=/bin/sh -c 'echo over >/run/slow'\n");
    until(states -> states.toString().split("reached=LAUNCHED").length == 3);

    environment.fork("leave", () -> agent.leave(LONG));
    until(states -> states.keySet().equals(Set.of(unit("slow.service"))));
    assertEquals(Optional.empty(), registry.announced(ID));
    assertEquals("inactive\n", node.run("systemctl", "show", "-P", "ActiveState", "quick"));

    until(states -> states.isEmpty());
    assertEquals("over\n", node.run("cat", "/run/slow"));
    assertEquals("not-found\n", node.run("systemctl", "show", "-P", "LoadState", "slow"));
    assertEquals(before, traces());
  }

  @Test
  void manyUnitsComeAndGoTogether() throws InterruptedException {
    var decisions = new ArrayList<Decision>();
    for (int i = 0; i < 200; i++) {
      decisions.add(
          new Decision.Assign(
              ID,
              new Assignment(
                  unit("many@" + i + ".service"), file(SERVICE), TargetState.LAUNCHED, 1)));
    }

    decide(decisions);
    until(states -> states.toString().split("sub=running").length == 201);

    decide(
        decisions.stream()
            .map(
                d ->
                    (Decision)
                        new Decision.Unassign(ID, ((Decision.Assign) d).assignment().unit(), false))
            .toList());
    until(states -> states.isEmpty());
  }
}
