package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.Agent;
import fleet.agent.AgentOptions;
import fleet.agent.FileMemo;
import fleet.cluster.Assignment;
import fleet.cluster.Leadership;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.registry.ClusterMirror;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Decision;
import fleet.cluster.store.MemoryStore;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole agent, on a real machine: only the store is in memory.
final class AgentOnNodeTest {

  private static final MachineId ID = new MachineId("6f1a2b3c4d5e6f708192a3b4c5d6e7f8");
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";

  private static Node node;

  @TempDir Path folder;

  private final SystemEnvironment environment = new SystemEnvironment();
  private final MemoryStore store = new MemoryStore(environment);
  private final Registry registry = new Registry(store, new Keyspace("/fleet/"));
  private final Signal changed = environment.signal("test");
  private ClusterMirror mirror;
  private DbusSystemd systemd;
  private Agent agent;
  private Task task;

  @BeforeAll
  static void boot() throws IOException, InterruptedException {
    node = Node.boot();
  }

  @AfterAll
  static void vanish() throws IOException, InterruptedException {
    node.vanish();
  }

  @BeforeEach
  void start() throws InterruptedException {
    mirror = registry.mirror(changed);
    systemd = DbusSystemd.open(node.options());
    startAgent();
  }

  @AfterEach
  void leave() throws InterruptedException {
    agent.leave(Duration.ofSeconds(30));
    task.interrupt();
    systemd.close();
    mirror.close();
    store.close();
  }

  private void startAgent() {
    agent =
        new Agent(
            AgentOptions.DEFAULTS,
            environment,
            store,
            new Keyspace("/fleet/"),
            systemd,
            new FileMemo(folder.resolve("assignments"), true),
            new FileMemo(folder.resolve("applied"), false),
            () -> new Machine(ID, "10.0.0.1", new TreeMap<>(), "2.0.0", "boot"));
    task = environment.fork("agent", agent::run);
  }

  @Test
  void freshUnitIsActiveInNoTime() throws InterruptedException {
    launch("warm-up.service", SERVICE);
    until("warm-up.service", state -> state.active().equals("active"));

    Duration began = environment.uptime();
    launch("fresh.service", SERVICE);
    until("fresh.service", state -> state.active().equals("active"));
    Duration took = environment.uptime().minus(began);

    assertTrue(took.toMillis() < 2_000, () -> "it took " + took.toMillis() + " ms");
    assertEquals(
        new UnitState(
            TargetState.LAUNCHED,
            0,
            "loaded",
            "active",
            "running",
            Optional.of(file(SERVICE).hash()),
            "success",
            "",
            List.of()),
        until("fresh.service", state -> state.reached() == TargetState.LAUNCHED));
  }

  @Test
  void unitsOfAllKindsComeAndGoWithoutATrace() throws IOException, InterruptedException {
    String before = node.run("ls", "-R", "/run/systemd/system", "/run/fleet/units");
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
    assertEquals(before, node.run("ls", "-R", "/run/systemd/system", "/run/fleet/units"));
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
  void whatFailsIsNamedAndDisturbsNobody() throws IOException, InterruptedException {
    node.write("/run/fleet/units/garbage.service", "\u0000[");
    launch("false.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n");
    launch("empty.service", "[Service]\nType=simple\n");
    launch("alias.service", SERVICE + "\n[Install]\nAlias=alias.socket\n");
    launch("good.service", SERVICE);

    until("good.service", state -> state.active().equals("active"));
    assertEquals(
        "its start ended with \"failed\"",
        until("false.service", state -> !state.problem().isEmpty()).problem());
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
                    (Decision) new Decision.Unassign(ID, ((Decision.Assign) d).assignment().unit()))
            .toList());
    until(states -> states.isEmpty());
  }

  // Words for the above.

  private void launch(String unit, String text) throws InterruptedException {
    assign(unit, text, TargetState.LAUNCHED, 1);
  }

  private void assign(String unit, String text, TargetState target, long generation)
      throws InterruptedException {
    decide(
        List.of(
            new Decision.Assign(ID, new Assignment(unit(unit), file(text), target, generation))));
  }

  private void unassign(String unit) {
    try {
      decide(List.of(new Decision.Unassign(ID, unit(unit))));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void decide(List<Decision> decisions) throws InterruptedException {
    registry.commit(new Leadership(ID, 1, List.of()), decisions, 0);
  }

  private SortedMap<UnitName.Placeable, UnitState> states() throws InterruptedException {
    mirror.refresh();
    return mirror.snapshot().states().getOrDefault(ID, new TreeMap<>());
  }

  private String words() throws InterruptedException {
    var words = new ArrayList<String>();
    states().forEach((unit, state) -> words.add(unit + " " + state.active() + " " + state.sub()));
    return String.join("; ", words);
  }

  /// Waits until the machine has published such states.
  private void until(Predicate<SortedMap<UnitName.Placeable, UnitState>> expected)
      throws InterruptedException {
    Duration end = environment.uptime().plus(LONG);
    while (!expected.test(states())) {
      Duration left = end.minus(environment.uptime());
      if (!left.isPositive()) {
        throw new AssertionError("waited in vain; the states are " + states());
      }
      changed.await(left);
    }
  }

  private UnitState until(String unit, Predicate<UnitState> expected) throws InterruptedException {
    until(states -> Optional.ofNullable(states.get(unit(unit))).filter(expected).isPresent());
    UnitState state = states().get(unit(unit));
    if (state == null) {
      throw new AssertionError("the state of " + unit + " has gone again");
    }
    return state;
  }

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }
}
