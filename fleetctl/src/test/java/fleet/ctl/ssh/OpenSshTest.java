package fleet.ctl.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.client.Endpoint;
import fleet.ctl.ssh.OpenSsh.Entry;
import fleet.ctl.ssh.OpenSsh.Gate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenSshTest {

  private static final SshSettings USUAL =
      new SshSettings("core", Duration.ofSeconds(10), true, "", "");
  private static final Path HOSTS = Path.of("/home/me/.fleetctl/known_hosts");
  private static final String USUAL_OPTIONS =
      "-o ConnectTimeout=10 -o StrictHostKeyChecking=ask -o UserKnownHostsFile="
          + HOSTS
          + " -o HashKnownHosts=no -l core";

  private static final SshTarget MACHINE = new SshTarget("10.0.1.101", 0);
  private static final Entry PLAIN = new Entry(false, false);
  private static final Gate GATE =
      new Gate(new SshTarget("bastion", 2222), Path.of("/tmp/fleetctl1"));

  private final OpenSsh ssh = new OpenSsh(USUAL, HOSTS);

  @Test
  void aCommandIsOneWordWhateverIsInIt() {
    var words = ssh.session(MACHINE, PLAIN, Optional.empty(), "ls -l; exit 3");

    assertEquals("ssh " + USUAL_OPTIONS + " -- 10.0.1.101 ls -l; exit 3", String.join(" ", words));
    assertEquals("ls -l; exit 3", words.getLast());
  }

  @Test
  void whatTheUserTypesIntoHasNoCommand() {
    var words = ssh.session(new SshTarget("n1", 2222), new Entry(true, true), Optional.empty(), "");

    assertEquals("ssh " + USUAL_OPTIONS + " -A -t -p 2222 -- n1", String.join(" ", words));
  }

  @Test
  void anAddressIsNeverTakenForAnOption() {
    var words = ssh.session(new SshTarget("-oProxyCommand=x", 0), PLAIN, Optional.empty(), "true");

    assertEquals(
        List.of("--", "-oProxyCommand=x", "true"), words.subList(words.size() - 3, words.size()));
  }

  @Test
  void secondsAreRoundedUpAndNoneAreSshsOwn() {
    assertTrue(options(Duration.ofMillis(200)).contains("ConnectTimeout=1 "));
    assertTrue(options(Duration.ofMillis(2_001)).contains("ConnectTimeout=3 "));
    assertTrue(options(Duration.ofSeconds(3)).contains("ConnectTimeout=3 "));
    assertTrue(!options(Duration.ZERO).contains("ConnectTimeout"));
  }

  private static String options(Duration timeout) {
    var settings = new SshSettings("core", timeout, true, "", "");
    return String.join(
        " ", new OpenSsh(settings, HOSTS).session(MACHINE, PLAIN, Optional.empty(), ""));
  }

  @Test
  void withoutCheckingAnyKeyIsTakenAndNoneIsStored() {
    var settings = new SshSettings("", Duration.ZERO, false, "", "");

    assertEquals(
        "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
            + " -o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR -- 10.0.1.101",
        String.join(
            " ", new OpenSsh(settings, HOSTS).session(MACHINE, PLAIN, Optional.empty(), "")));
  }

  @Test
  void whatMeansSomethingToSshInAPathIsEscaped() {
    var odd = new OpenSsh(USUAL, Path.of("/home/m e/100%/\"x\""));

    assertTrue(
        odd.session(MACHINE, PLAIN, Optional.empty(), "")
            .contains("UserKnownHostsFile=\"/home/m e/100%%/\\\"x\\\"\""));
    assertTrue(
        ssh.tunnel(GATE, new Endpoint.Unix(Path.of("/run/a:b%c")))
            .contains("/tmp/fleetctl1/api:/run/a\\:b%%c"));
  }

  @Test
  void aTunnelListensAndSaysWhenItIsOpen() {
    var words = ssh.tunnel(GATE, new Endpoint.Unix(Path.of("/var/run/fleet.sock")));

    assertEquals(
        "ssh "
            + USUAL_OPTIONS
            + " -N -T -o ControlMaster=yes -o ControlPath=/tmp/fleetctl1/control"
            + " -o ControlPersist=no -o ExitOnForwardFailure=yes -o PermitLocalCommand=yes"
            + " -o LocalCommand=echo ready -L /tmp/fleetctl1/api:/var/run/fleet.sock"
            + " -p 2222 -- bastion",
        String.join(" ", words));
  }

  @Test
  void aTunnelLeadsToAPortAsWell() {
    assertTrue(
        ssh.tunnel(GATE, new Endpoint.Tcp("127.0.0.1", 49153, "/base", true))
            .contains("/tmp/fleetctl1/api:[127.0.0.1]:49153"));
    assertTrue(
        ssh.tunnel(GATE, new Endpoint.Tcp("::1", 80, "", false))
            .contains("/tmp/fleetctl1/api:[::1]:80"));
  }

  @Test
  void aMachineBehindATunnelIsReachedOverItsConnection() {
    var words = ssh.session(MACHINE, PLAIN, Optional.of(GATE), "true");

    assertEquals(
        "ProxyCommand=ssh "
            + USUAL_OPTIONS
            + " -S /tmp/fleetctl1/control -W '[10.0.1.101]':%p -p 2222 -- bastion",
        words.get(words.indexOf("--") - 1));
  }

  @Test
  void anAddressFromTheClusterRunsNothingHere() {
    var words = ssh.session(new SshTarget("$(reboot)'%h", 0), PLAIN, Optional.of(GATE), "true");

    String proxy = words.get(words.indexOf("--") - 1);
    assertTrue(proxy.contains(" -W '[$(reboot)'\\''%%h]':%p "), proxy);
  }
}
