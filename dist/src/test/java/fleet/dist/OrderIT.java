package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What fleetctl says became of an order is what became of it, on real machines. All units are on
/// n2, but for the global one.
class OrderIT extends ClusterTest {

  private static final String HERE = "\n[X-Fleet]\nMachineMetadata=disk=ssd\n";
  private static final String SLEEPER_HERE = SLEEPER + HERE;
  private static final String NODE = "n2";

  /// After which a wait counts as one for ever.
  private static final String LIMIT = "--timeout=60s";

  OrderIT() {
    super("order", 31, StoreKind.EMBEDDED, 2);
  }

  @Test
  void timerWithoutItsServiceIsNotStartedUntilThatHasCome() throws Exception {
    write("tick.timer", "[Timer]\nOnActiveSec=1h\n" + HERE);

    Output alone = order("start", "/tmp/tick.timer");
    submit("tick.service", SLEEPER_HERE);
    order("load", "tick.service").orFail();

    assertEquals(1, alone.status(), alone.all());
    assertTrue(alone.err().contains("not started"), alone.all());
    assertTrue(alone.err().contains("unit tick.service to trigger not loaded"), alone.all());
    await("the timer is started when it can be", PATIENCE, "active", () -> active("tick.timer"));
  }

  @ParameterizedTest
  @CsvSource({"socket, Socket, ListenStream=/run/alone.sock", "path, Path, PathExists=/no/such"})
  void whatTriggersAServiceThatIsNotThereIsNotStarted(String type, String section, String option)
      throws Exception {
    String unit = "alone." + type;
    write(unit, "[" + section + "]\n" + option + "\n" + HERE);

    Output alone = order("start", "/tmp/" + unit);

    assertEquals(1, alone.status(), alone.all());
    assertTrue(alone.err().contains("not started"), alone.all());
    assertNotEquals("active", active(unit));
  }

  @Test
  void timerThatIsNamedBeforeItsServiceIsAsFleetctlSays() throws Exception {
    write("tick.timer", "[Timer]\nOnActiveSec=1h\n" + HERE);
    write("tick.service", SLEEPER_HERE);

    Output both = order("start", "/tmp/tick.timer", "/tmp/tick.service");

    if (both.out().contains("Unit tick.timer launched")) {
      assertEquals("active", active("tick.timer"), both.all());
    } else {
      assertEquals(1, both.status(), both.all());
      assertTrue(both.err().contains("not started"), both.all());
    }
    await("the timer is started when it can be", PATIENCE, "active", () -> active("tick.timer"));
  }

  @Test
  void unitThatWasStoppedWithWhatItIsBoundToIsStarted() throws Exception {
    start("base.service", SLEEPER_HERE);
    start("bound.service", "[Unit]\nBindsTo=base.service\nAfter=base.service\n" + SLEEPER_HERE);
    systemctl("stop", "base.service");
    await("it has stopped with the other", SOON, "inactive", () -> active("bound.service"));

    order("start", "bound.service").orFail();

    assertEquals("active", active("bound.service"));
  }

  @Test
  void unitThatSomebodyHasStoppedByHandIsStarted() throws Exception {
    start("hand.service", SLEEPER_HERE);
    String before = invocation("hand.service");
    systemctl("stop", "hand.service");

    order("start", "hand.service").orFail();

    assertEquals("active", active("hand.service"));
    assertNotEquals(before, invocation("hand.service"));
  }

  @Test
  void unitThatRunsIsNotStartedOnceMore() throws Exception {
    start("runs.service", SLEEPER_HERE);
    String before = invocation("runs.service");

    Output again = order("start", "runs.service");

    again.orFail();
    assertTrue(again.out().startsWith("Unit runs.service launched on "), again.all());
    assertEquals(before, invocation("runs.service"));
  }

  @Test
  void whatASocketHasStartedIsStopped() throws Exception {
    submit(
        "note.service",
        """
        [Service]
        StandardInput=socket
        ExecStart=/bin/sh -c 'head -c 1 >/dev/null; exec sleep infinity'
        """
            + HERE);
    order("load", "note.service").orFail();
    start("note.socket", "[Socket]\nListenDatagram=127.0.0.1:7171\n" + HERE);
    cluster.exec(NODE, "bash", "-c", "echo x >/dev/udp/127.0.0.1/7171").orFail();
    await("the socket has started it", SOON, "active", () -> active("note.service"));

    Output stop = order("stop", "note.service");

    assertEquals(0, stop.status(), stop.all());
    assertNotEquals("active", active("note.service"));
  }

  @Test
  void whatATimerHasStartedIsStopped() throws Exception {
    submit("job.service", SLEEPER_HERE);
    order("load", "job.service").orFail();
    start("job.timer", "[Timer]\nOnActiveSec=1s\nAccuracySec=100ms\n" + HERE);
    await("the timer has started it", SOON, "active", () -> active("job.service"));

    Output stop = order("stop", "job.service");

    assertEquals(0, stop.status(), stop.all());
    assertNotEquals("active", active("job.service"));
  }

  @Test
  void whatSomebodyHasStartedByHandIsStopped() throws Exception {
    submit("hand.service", SLEEPER_HERE);
    order("load", "hand.service").orFail();
    systemctl("start", "hand.service");

    order("stop", "hand.service").orFail();

    assertEquals("inactive", active("hand.service"));
  }

  /// What spoils a unit that runs: a second `ExecStart=`, a unit that is not there.
  @ParameterizedTest
  @ValueSource(strings = {"[Service]\nExecStart=/bin/true\n", "[Unit]\nRequires=nowhere.service\n"})
  void restartOfWhatWouldNotComeUpLeavesItRunning(String spoiler) throws Exception {
    start("web.service", SLEEPER_HERE);
    start("next.service", SLEEPER_HERE);
    String before = invocation("web.service");
    String next = invocation("next.service");
    String dropIn = "/run/systemd/system/web.service.d";
    afterwards(() -> cluster.exec(NODE, "systemctl", "daemon-reload").orFail());
    afterwards(() -> cluster.exec(NODE, "rm", "-r", dropIn).orFail());
    cluster.put(NODE, dropIn + "/spoiled.conf", spoiler);
    systemctl("daemon-reload");

    Output restart = order("restart", "web.service", "next.service");

    assertEquals(1, restart.status(), restart.all());
    assertTrue(restart.err().contains("Error restarting unit web.service on "), restart.all());
    assertTrue(restart.err().contains("refused, it is left as it was: "), restart.all());
    assertTrue(restart.err().contains("Not restarted: [next.service]."), restart.all());
    assertEquals("active", active("web.service"));
    assertEquals(before, invocation("web.service"));
    assertEquals(next, invocation("next.service"));
  }

  @Test
  void replacementThatSystemdWouldNotStartLeavesTheOldOneRunning() throws Exception {
    start("web.service", SLEEPER_HERE);
    String before = invocation("web.service");
    write("web.service", "[Service]\nExecStart=/bin/sleep 7\nExecStart=/bin/sleep 8\n" + HERE);

    Output replacement = order("start", "--replace", "/tmp/web.service");

    assertEquals(1, replacement.status(), replacement.all());
    assertTrue(replacement.err().contains("refused, it is left as it was: "), replacement.all());
    assertEquals("active", active("web.service"));
    assertEquals(before, invocation("web.service"));
    String text = cluster.exec(NODE, "systemctl", "cat", "web.service").orFail();
    assertTrue(text.contains("ExecStart=/bin/sleep infinity"), text);
    assertEquals("loaded", cluster.unit(NODE, "web.service").load());
  }

  @Test
  void replacementRunsWhenFleetctlSaysSo() throws Exception {
    start("web.service", SLEEPER_HERE);
    write("web.service", "[Service]\nExecStart=/bin/sleep 100000\n" + HERE);

    order("start", "--replace", "/tmp/web.service").orFail();

    assertEquals("active", active("web.service"));
    String runs =
        cluster.exec(NODE, "systemctl", "show", "-p", "ExecStart", "web.service").orFail();
    assertTrue(runs.contains("/bin/sleep 100000"), runs);
  }

  @Test
  void missingProgramIsAFailureHoweverOftenItIsRestarted() throws Exception {
    write("missing.service", restarted("/no/such/program"));

    Output output = order("start", "/tmp/missing.service");

    assertEquals(1, output.status(), output.all());
    assertFalse(output.out().contains("launched"), output.all());
    await("it is told as looping", PATIENCE, true, () -> isCrashLooping("missing.service"));
    assertTrue(list("list-units").contains("exit code 203 (EXEC)"), list("list-units"));
  }

  @Test
  void whatDiesAllTheTimeIsCrashLoopingInTheList() throws Exception {
    write("dies.service", restarted("/bin/sh -c 'sleep 0.3; exit 7'"));

    order("start", "/tmp/dies.service");

    await("it is told as looping", PATIENCE, true, () -> isCrashLooping("dies.service"));
    assertTrue(list("list-units").contains("exit code 7"), list("list-units"));
  }

  @Test
  void brokenFileIsDestroyedWithoutAWordOfError() throws Exception {
    for (int i = 0; i < 5; i++) {
      write("broken.service", "[Service]\nExecStart=/bin/sleep 7\nExecStart=/bin/sleep 8\n" + HERE);
      Output start = order("start", "/tmp/broken.service");
      assertEquals(1, start.status(), start.all());

      Output destroy = order("destroy", "broken.service");

      assertEquals("Destroyed broken.service\n", destroy.out(), destroy.all());
      assertEquals("", destroy.err());
    }
  }

  @Test
  void oneShotThatFailsIsRunOnceByWhatRequiresIt() throws Exception {
    submit(
        "migrate.service",
        """
        [Service]
        Type=oneshot
        ExecStart=/bin/sh -c 'echo once >>/tmp/migrated; exit 1'
        """
            + HERE);
    order("load", "migrate.service").orFail();
    write(
        "app.service", "[Unit]\nRequires=migrate.service\nAfter=migrate.service\n" + SLEEPER_HERE);

    Output start = order("start", "/tmp/app.service");

    assertEquals(1, start.status(), start.all());
    Thread.sleep(Duration.ofSeconds(8)); // in which it was tried four times
    assertEquals("once", cluster.exec(NODE, "cat", "/tmp/migrated").orFail());
  }

  @Test
  void globalUnitThatFailsOnOneMachineIsAFailureThere() throws Exception {
    afterwards(() -> cluster.exec(NODE, "rm", "/tmp/spoiled").orFail());
    cluster.put(NODE, "/tmp/spoiled", "");
    write(
        "everywhere.service",
        """
        [Service]
        Type=notify
        NotifyAccess=all
        ExecStartPre=/bin/sleep 4
        ExecStart=/bin/sh -c 'test ! -e /tmp/spoiled && systemd-notify --ready && exec sleep infinity'
        [X-Fleet]
        Global=true
        """);

    Output start = order("start", "/tmp/everywhere.service");

    assertEquals(1, start.status(), start.all());
    assertEquals("Triggered global unit everywhere.service start\n", start.out());
    String there = cluster.machineId(NODE).substring(0, 8);
    assertTrue(
        start.err().contains("Error starting unit everywhere.service on " + there), start.all());
    assertEquals(1, start.err().lines().filter(line -> line.startsWith("Error")).count());
    assertEquals("active", cluster.unit("n1", "everywhere.service").active());
  }

  @Test
  void orderWhoseMachineDiesGoesOnAtTheNext() throws Exception {
    String n1 = "\n[X-Fleet]\nMachineID=" + cluster.machineId("n1") + "\n";
    start("ballast-1.service", SLEEPER + n1);
    start("ballast-2.service", SLEEPER + n1);
    write("slow.service", "[Service]\nExecStartPre=/bin/sleep 5\nExecStart=/bin/sleep infinity\n");
    var start = new FutureTask<>(() -> order("start", "/tmp/slow.service"));
    Thread.ofVirtual().start(start);
    await("it is on its way up", SOON, "activating", () -> active("slow.service"));

    kill(NODE);

    Output output = start.get();
    assertEquals(0, output.status(), output.all());
    String there = cluster.machineId("n1").substring(0, 8);
    assertTrue(output.out().startsWith("Unit slow.service launched on " + there), output.all());
    assertEquals("active", cluster.unit("n1", "slow.service").active());
  }

  private static String restarted(String command) {
    return "[Unit]\n"
        + "StartLimitIntervalSec=0\n"
        + "[Service]\n"
        + "Restart=always\n"
        + "RestartSec=100ms\n"
        + "ExecStart="
        + command
        + "\n"
        + HERE;
  }

  private boolean isCrashLooping(String unit) throws InterruptedException {
    return list("list-units")
        .lines()
        .anyMatch(line -> line.startsWith(unit) && line.contains("(crash-looping: "));
  }

  private Output order(String... words) throws InterruptedException {
    String[] all = new String[words.length + 1];
    all[0] = words[0];
    all[1] = LIMIT;
    System.arraycopy(words, 1, all, 2, words.length - 1);
    return fleetctl(all);
  }

  private void systemctl(String... words) throws InterruptedException {
    String[] all = new String[words.length + 1];
    all[0] = "systemctl";
    System.arraycopy(words, 0, all, 1, words.length);
    cluster.exec(NODE, all).orFail();
  }

  private String active(String unit) throws InterruptedException {
    return cluster.unit(NODE, unit).active();
  }

  private String invocation(String unit) throws InterruptedException {
    return cluster.unit(NODE, unit).invocation();
  }
}
