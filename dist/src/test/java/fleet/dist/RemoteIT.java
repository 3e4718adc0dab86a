package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What fleetctl does by SSH, on machines with a real sshd. The user sits at n1.
class RemoteIT extends ClusterTest {

  private static final String TALKER =
      "[Service]\nExecStart=/bin/sh -c 'echo hello from $$(uname -n); exec sleep infinity'\n";

  /// Runs fleetctl where there is no terminal, as a script does: ssh asks on standard input.
  private static final String FLEETCTL = "setsid -w fleetctl --ssh-username=root ";

  private static final String UNCHECKED = "--strict-host-key-checking=false";

  RemoteIT() {
    super("remote", 25, StoreKind.EMBEDDED, 3);
  }

  @BeforeAll
  void listenOnPorts() throws Exception {
    cluster.put(
        "n2", "/etc/systemd/system/api.socket", "[Socket]\nListenStream=49153\nAccept=yes\n");
    cluster.put(
        "n2",
        "/etc/systemd/system/api@.service",
        "[Service]\nExecStart=fleetctl fd-forward /run/fleet.sock\nStandardInput=socket\n");
    cluster.exec("n2", "systemctl", "start", "api.socket").orFail();
  }

  private Output sh(String script) throws InterruptedException {
    return cluster.exec("n1", "sh", "-c", script);
  }

  /// Runs fleetctl as root of the other machines, whoever they say they are.
  private Output trusting(String... arguments) throws InterruptedException {
    var all = new ArrayList<>(List.of("--ssh-username=root", UNCHECKED));
    all.addAll(List.of(arguments));
    return fleetctl(all.toArray(String[]::new));
  }

  private void startOn(String node, String unit, String contents) throws InterruptedException {
    start(unit, contents + "\n[X-Fleet]\nMachineID=" + cluster.machineId(node) + "\n");
  }

  private String prefix(String node) throws InterruptedException {
    return cluster.machineId(node).substring(0, 8);
  }

  private String address(String node) throws InterruptedException {
    return cluster
        .exec(node, "sh", "-c", "ip -4 -o addr show eth0 | awk '{print $4}'")
        .orFail()
        .replaceFirst("/.*", "");
  }

  @Test
  void aCommandRunsOnTheMachineThatIsNamedAndItsStatusIsPassedOn() throws Exception {
    assertEquals("n2", trusting("ssh", cluster.machineId("n2"), "uname", "--", "-n").orFail());
    assertEquals("n2", trusting("ssh", "--machine=" + prefix("n2"), "uname -n").orFail());
    assertEquals("n1", trusting("ssh", prefix("n1"), "uname -n").orFail());
    assertEquals("a b|", trusting("ssh", prefix("n2"), "printf '%s|' 'a b'").orFail());

    assertEquals(7, trusting("ssh", prefix("n2"), "exit 7").status());
    assertEquals(255, trusting("ssh", "--ssh-port=23", prefix("n2"), "true").status());
    Output input = sh("echo typed | " + FLEETCTL + UNCHECKED + " ssh " + prefix("n2") + " cat");
    assertEquals("typed", input.orFail());
  }

  @Test
  void aUnitNamesItsMachine() throws Exception {
    startOn("n3", "named.service", SLEEPER);

    assertEquals("n3", trusting("ssh", "named.service", "uname -n").orFail());
    assertEquals("n3", trusting("ssh", "--unit=named", "uname -n").orFail());
    Output unknown = trusting("ssh", "unknown.service", "uname -n");
    assertEquals(1, unknown.status());
    assertEquals("Unable to proceed: could not find matching unit or machine\n", unknown.err());
  }

  @Test
  void anAgentIsForwardedIfTheUserSaysSo() throws Exception {
    assertEquals("1", keysAt("-A " + prefix("n2")));
    assertEquals("0", keysAt(prefix("n2")));
  }

  /// How many keys a program can use on a machine, if the user has one in an agent.
  private String keysAt(String target) throws InterruptedException {
    String list = "ssh " + target + " \"ssh-add -l | wc -l\"";
    return sh("ssh-agent sh -c 'ssh-add -q; " + FLEETCTL + UNCHECKED + " " + list + "'").orFail();
  }

  @Test
  void statusIsWhatSystemdSaysThere() throws Exception {
    startOn("n1", "here.service", TALKER);
    startOn("n2", "there.service", TALKER);
    fleetctl("load", EXAMPLES + "hello.service").orFail();

    Output here = fleetctl("status", "here.service");
    assertTrue(here.orFail().contains("Active: active (running)"), here.all());
    assertEquals("", here.err());
    Output both = trusting("status", "--no-block", "here", "there.service");
    assertEquals(2, count("Active: active \\(running\\)", both.orFail()), both.all());
    assertTrue(both.out().contains("\n\n● there.service"), both.all());
    Output loaded = trusting("status", "hello.service", "there.service");
    assertEquals(3, loaded.status(), loaded.all());
    assertTrue(loaded.out().contains("Active: inactive (dead)"), loaded.all());
    assertTrue(loaded.out().contains("● there.service"), loaded.all());

    Output unknown = trusting("status", "unknown.service");
    assertEquals(1, unknown.status());
    assertEquals("Unit unknown.service does not exist.\n", unknown.err());
  }

  private static long count(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  @Test
  void aGlobalUnitHasAStatusAndAJournalOnEveryMachine() throws Exception {
    start("everywhere.service", TALKER + "\n[X-Fleet]\nGlobal=true\n");
    await("it runs everywhere", SOON, 3L, () -> count("\trunning", list("list-units")));

    Output status = trusting("status", "everywhere.service");
    assertEquals(3, count("==> .* <==\n● everywhere.service", status.orFail()), status.all());
    Output journal = trusting("journal", "everywhere.service");
    assertEquals(
        List.of("n1", "n2", "n3"),
        Pattern.compile("hello from (n\\d)")
            .matcher(journal.orFail())
            .results()
            .map(result -> result.group(1))
            .sorted()
            .toList(),
        journal.all());
    Output one = trusting("journal", "--output=cat", "--machine=" + prefix("n3"), "everywhere");
    assertTrue(one.orFail().contains("hello from n3"), one.all());
    assertFalse(one.out().contains("==>"), one.all());
    assertEquals(2, trusting("journal", "-f", "everywhere").status());
  }

  @Test
  void journalIsReadWhereTheUnitRuns() throws Exception {
    startOn("n2", "talker.service", TALKER);
    startOn("n1", "near.service", TALKER);

    String lines = trusting("journal", "--output=cat", "talker.service").orFail();
    assertTrue(lines.lines().anyMatch("hello from n2"::equals), lines);
    String one = trusting("journal", "--lines=1", "--output=cat", "talker.service").orFail();
    assertEquals(1, one.lines().count(), one);
    String near = fleetctl("journal", "--output=cat", "near.service").orFail();
    assertTrue(near.lines().anyMatch("hello from n1"::equals), near);
  }

  /// Through a tunnel two programs of ssh run at n1; without one, one does.
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "TERM --tunnel=n3", "INT --tunnel=n3"})
  void whatIsFollowedEndsWithItsReaderAndLeavesNothing(String signalAndTunnel) throws Exception {
    String signal = signalAndTunnel.split(" ", 2)[0];
    String tunnel = signalAndTunnel.substring(signal.length());
    startOn("n2", "followed.service", TALKER);

    Output followed =
        sh(
            "rm -f /tmp/followed; env --default-signal=INT fleetctl --ssh-username=root "
                + UNCHECKED
                + tunnel
                + " journal -f followed.service >/tmp/followed & pid=$!; for i in $(seq 300);"
                + " do grep -q 'hello from n2' /tmp/followed && break; sleep 0.1; done;"
                + " kill -"
                + signal
                + " $pid; wait $pid; echo $?; cat /tmp/followed");

    assertTrue(followed.out().contains("hello from n2"), followed.all());
    assertTrue(List.of("130", "143").contains(followed.out().lines().findFirst().orElse("")));
    assertEquals("", remains());
    await("n2", SOON, "", () -> cluster.exec("n2", "pgrep", "-a", "journalctl").out());
    await("n3", SOON, "", () -> cluster.exec("n3", "pgrep", "-a", "sshd").out());
  }

  /// Runs fleetctl where there is no fleetd, as what is in /run is hidden from it, and for a user
  /// whose shell runs nothing.
  private Output elsewhere(String arguments) throws InterruptedException {
    return sh(
        "SHELL=/bin/false exec unshare -m sh -c 'mount -t tmpfs tmpfs /run; exec fleetctl"
            + " --ssh-username=root "
            + UNCHECKED
            + " "
            + arguments
            + "'");
  }

  private long connectionsTo(String node) throws InterruptedException {
    return count(
        "Accepted publickey", cluster.exec(node, "journalctl", "-u", "sshd@*", "-o", "cat").out());
  }

  /// What a fleetctl that has ended may have left at n1.
  private String remains() throws InterruptedException {
    return sh("pgrep -ax ssh; find /tmp -name 'fleetctl*'").out();
  }

  @Test
  void aBatchOfTenGoesThroughOneConnection() throws Exception {
    write("hello@.service", SLEEPER);
    String units =
        String.join(
            " ",
            IntStream.rangeClosed(1, 10).mapToObj(i -> "/tmp/hello@" + i + ".service").toList());
    assertEquals(1, elsewhere("list-machines").status(), "there is no API without the tunnel");

    for (String verb : List.of("submit", "start", "destroy")) {
      long before = connectionsTo("n2");
      Output done = elsewhere("--tunnel=n2 " + verb + " " + units);
      assertEquals("", done.orFail().isEmpty() ? done.all() : "");
      assertEquals(before + 1, connectionsTo("n2"), verb);
      if (verb.equals("start")) {
        Output listed = elsewhere("--tunnel=n2:22 list-units --no-legend --fields=unit,sub");
        assertEquals(10, count("hello@\\d+\\.service\t+running", listed.orFail()), listed.all());
      }
    }
    assertEquals("", elsewhere("--tunnel=n2 list-unit-files --no-legend").orFail());
  }

  @Test
  void aTunnelLeadsToAPortAsWell() throws Exception {
    Output listed =
        elsewhere("--tunnel=n2 --endpoint=http://127.0.0.1:49153 list-machines --no-legend");

    assertEquals(3, listed.orFail().lines().count(), listed.all());
  }

  @Test
  void otherMachinesAreReachedThroughTheSameConnection() throws Exception {
    startOn("n2", "behind.service", TALKER);
    long before = connectionsTo("n3");

    Output entered = elsewhere("--tunnel=n3 ssh behind.service echo \\$SSH_CONNECTION");
    assertTrue(entered.orFail().startsWith(address("n3") + " "), entered.all());
    assertEquals(before + 1, connectionsTo("n3"));

    Output status = elsewhere("--tunnel=n3 status behind.service");
    assertTrue(status.orFail().contains("Active: active (running)"), status.all());
    assertEquals(before + 2, connectionsTo("n3"));
  }

  @Test
  void aTunnelThatDoesNotOpenSaysWhy() throws Exception {
    Output closed = elsewhere("--tunnel=n2:23 list-machines");
    assertEquals(1, closed.status());
    assertTrue(closed.err().contains("port 23: Connection refused"), closed.all());
    assertTrue(
        closed
            .err()
            .endsWith(
                "Unable to initialize client: failed initializing SSH client: ssh to n2:23 ended"
                    + " with status 255\n"),
        closed.all());

    Output stranger = elsewhere("--tunnel=n2 --ssh-username=nobody list-machines");
    assertEquals(1, stranger.status());
    assertTrue(stranger.err().contains("Permission denied"), stranger.all());

    Output nothing = elsewhere("--tunnel=n2 --endpoint=unix:///no/such.sock list-machines");
    assertEquals(1, nothing.status());
    assertTrue(
        nothing.err().contains("no answer from unix:///no/such.sock through n2"), nothing.all());
    assertEquals("", remains());
  }

  /// The `--tunnel` of fleet 1.0 runs our `fd-forward` on the far side.
  @Test
  void fdForwardSpeaksForTheSocket() throws Exception {
    String request = "GET /fleet/v1/machines HTTP/1.1%bHost: x%bConnection: close%b%b";
    Output answer =
        sh(
            "mkfifo /tmp/request; exec 3<>/tmp/request; printf '"
                + request.replace("%b", "\\r\\n")
                + "' >&3; ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null n2"
                + " fleetctl fd-forward /run/fleet.sock </tmp/request");

    assertTrue(answer.out().startsWith("HTTP/1.1 200 OK"), answer.all());
    assertTrue(answer.out().contains(cluster.machineId("n1")), answer.all());
  }

  private static String keptIn(String file) {
    return "--known-hosts-file=" + file + " ";
  }

  @Test
  void aMachineThatIsNotKnownIsAskedAbout() throws Exception {
    String hosts = "/tmp/asked/known_hosts";
    String enter = FLEETCTL + keptIn(hosts) + "ssh " + prefix("n2") + " 'touch /run/entered'";

    Output no = sh("echo no | " + enter);
    assertEquals(255, no.status());
    assertTrue(no.err().contains("authenticity of host '" + address("n2")), no.all());
    assertTrue(no.err().contains("Host key verification failed."), no.all());
    assertEquals(255, sh(enter + " </dev/null").status());
    assertEquals(0, cluster.exec("n2", "test", "!", "-e", "/run/entered").status());
    assertEquals(0, sh("test ! -s " + hosts).status());

    Output yes = sh("echo yes | " + enter);
    assertEquals(0, yes.status(), yes.all());
    assertTrue(yes.err().contains("Warning: Permanently added '" + address("n2")), yes.all());
    assertEquals(0, cluster.exec("n2", "test", "-e", "/run/entered").status());
    assertEquals(address("n2") + " " + hostKey("n2"), sh("cut -d' ' -f1-3 " + hosts).orFail());
    assertEquals("700", sh("stat -c %a /tmp/asked").orFail());

    Output again = sh(enter + " </dev/null");
    assertEquals("", again.orFail() + again.err());
  }

  private String hostKey(String node) throws InterruptedException {
    return cluster.exec(node, "cut", "-d ", "-f1,2", "/etc/ssh/ssh_host_ed25519_key.pub").orFail();
  }

  @Test
  void atATerminalSshAsksThere() throws Exception {
    Output asked =
        sh(
            "mkfifo /tmp/typed; script -qefc 'fleetctl --ssh-username=root "
                + keptIn("/tmp/typed-hosts")
                + "ssh "
                + prefix("n2")
                + " -- uname -n' /tmp/screen"
                + " </tmp/typed >/dev/null & exec 3>/tmp/typed; for i in $(seq 300);"
                + " do grep -q 'continue connecting' /tmp/screen && break; sleep 0.1; done;"
                + " echo yes >&3; wait $!; echo $?; cat /tmp/screen");

    assertEquals("0", asked.out().lines().findFirst().orElse(""), asked.all());
    assertTrue(asked.out().lines().anyMatch("n2"::equals), asked.all());
  }

  @Test
  void aTunnelIsAskedAboutToo() throws Exception {
    String list = FLEETCTL + keptIn("/tmp/tunneled") + "--tunnel=n3 list-machines --no-legend";

    assertEquals(1, sh("echo no | " + list).status());
    assertEquals(3, sh("echo y | " + list).orFail().lines().count());
    assertEquals(3, sh(list + " </dev/null").orFail().lines().count());

    String behind = FLEETCTL + keptIn("/tmp/tunneled") + "--tunnel=n3 ssh " + prefix("n2");
    assertEquals(255, sh("echo no | " + behind + " uname").status());
    assertEquals("Linux", sh("echo yes | " + behind + " uname").orFail());
  }

  @Test
  void aMachineWhoseKeyHasChangedIsRefused() throws Exception {
    String hosts = "/tmp/changed";
    String enter = FLEETCTL + keptIn(hosts) + "ssh " + prefix("n3") + " 'touch /run/entered'";
    String list = FLEETCTL + keptIn(hosts) + "--tunnel=" + address("n3") + " list-machines";
    startOn("n3", "changed.service", SLEEPER);
    sh("echo yes | " + enter).orFail();
    sh(list).orFail();
    cluster.exec("n3", "rm", "/run/entered").orFail();
    String before = sh("cat " + hosts).orFail();

    cluster
        .exec(
            "n3",
            "sh",
            "-c",
            "cd /etc/ssh; rm ssh_host_*; ssh-keygen -q -t ed25519 -N '' -f ssh_host_ed25519_key")
        .orFail();

    Output entered = sh("echo yes | " + enter);
    assertEquals(255, entered.status(), entered.all());
    assertTrue(
        entered.err().contains("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"), entered.all());
    Output status = sh(FLEETCTL + keptIn(hosts) + "status changed.service");
    assertEquals(255, status.status(), status.all());
    assertEquals("", status.out());
    assertTrue(status.err().contains("Unable to SSH to remote host: "), status.all());
    assertEquals(1, sh("echo yes | " + list).status());
    assertEquals(0, cluster.exec("n3", "test", "!", "-e", "/run/entered").status());
    assertEquals(before, sh("cat " + hosts).orFail());

    Output unchecked = sh(enter.replace("ssh ", UNCHECKED + " ssh "));
    assertEquals("", unchecked.orFail() + unchecked.err());
    assertEquals(0, cluster.exec("n3", "test", "-e", "/run/entered").status());
    assertEquals(before, sh("cat " + hosts).orFail());
  }
}
