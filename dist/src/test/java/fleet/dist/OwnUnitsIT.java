package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A machine has units of its own, under names that users give to theirs: fleet touches none.
class OwnUnitsIT extends ClusterTest {

  private static final String NODE = "n2";
  private static final String HERE = SLEEPER + "\n[X-Fleet]\nMachineMetadata=disk=ssd\n";
  private static final String OWN = "[Service]\nExecStart=/bin/sleep 5999\n";

  OwnUnitsIT() {
    super("own", 33, StoreKind.EMBEDDED, 2);
  }

  private String onNode(String script) throws InterruptedException {
    return cluster.exec(NODE, "sh", "-c", script).orFail();
  }

  private String state(String unit) throws InterruptedException {
    var shown = cluster.unit(NODE, unit);
    return shown.active() + " " + shown.invocation();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/systemd/system", "/usr/lib/systemd/system", "/run/systemd/system"})
  void whatAMachineHasForItselfIsNeitherStartedNorStopped(String folder) throws Exception {
    String file = folder + "/mine.service";
    afterwards(() -> onNode("systemctl stop mine; rm -f " + file + "; systemctl daemon-reload"));
    cluster.put(NODE, file, OWN);
    onNode("systemctl daemon-reload; systemctl start mine.service");

    assertIsLeftAlone("mine.service", folder.replace("/usr", "") + "/mine.service");
  }

  @Test
  void whatAGeneratorMakesIsNeitherStartedNorStopped() throws Exception {
    String generator = "/run/systemd/system-generators/makes-mine";
    afterwards(() -> onNode("systemctl stop mine; rm " + generator + "; systemctl daemon-reload"));
    cluster.put(
        NODE,
        generator,
        "#!/bin/sh\nprintf '[Service]\\nExecStart=/bin/sleep 5999\\n' >$1/mine.service\n");
    onNode("chmod +x " + generator + "; systemctl daemon-reload; systemctl start mine.service");

    assertIsLeftAlone("mine.service", "/run/systemd/generator/mine.service");
  }

  private void assertIsLeftAlone(String unit, String file) throws Exception {
    String before = state(unit);
    assertTrue(before.startsWith("active "), before);
    write(unit, HERE);

    Output start = fleetctl("start", "--timeout=20s", "/tmp/" + unit);
    fleetctl("destroy", unit).orFail();

    assertEquals(before, state(unit), start.all());
    assertNotEquals(0, start.status(), start.all());
    assertTrue(start.all().contains("has a " + unit + " of its own: "), start.all());
    assertTrue(start.all().contains(file), start.all());
  }

  @Test
  void anAliasTakesOverNoNameOfTheMachine() throws Exception {
    String file = "/usr/lib/systemd/system/theirs.service";
    afterwards(() -> onNode("systemctl stop theirs; rm " + file + "; systemctl daemon-reload"));
    cluster.put(NODE, file, OWN);
    onNode("systemctl daemon-reload; systemctl start theirs.service");
    String before = state("theirs.service");
    write(
        "other.service",
        SLEEPER + "\n[Install]\nAlias=theirs.service\n" + HERE.substring(SLEEPER.length()));

    Output start = fleetctl("start", "--timeout=20s", "/tmp/other.service");
    onNode("systemctl daemon-reload");

    assertEquals(before, state("theirs.service"), start.all());
    String path = onNode("systemctl show -p FragmentPath --value theirs.service");
    assertTrue(path.endsWith("/lib/systemd/system/theirs.service"), path);
  }

  @Test
  void whatAMachineCannotBeWithoutIsRefusedAndTheDaemonRunsOn() throws Exception {
    String daemon = mainPid("n1") + " " + mainPid(NODE);
    write("fleet.service", SLEEPER + "\n[X-Fleet]\nGlobal=true\n");

    Output start = fleetctl("start", "--timeout=20s", "/tmp/fleet.service");
    Output destroy = fleetctl("destroy", "fleet.service"); // as of any unit that there is not

    assertNotEquals(0, start.status(), start.all());
    assertTrue(start.all().contains("fleet.service"), start.all());
    assertEquals(daemon, mainPid("n1") + " " + mainPid(NODE), destroy.all());
  }

  @Test
  void aDaemonThatFindsAFileOfItsOwnNameComesUpAndMendsIt() throws Exception {
    String file = "/run/fleet/units/fleet.service";

    cluster.put(NODE, file, OWN);
    onNode("systemctl kill -s KILL fleet; systemctl daemon-reload; systemctl start fleet");

    await("the file is gone", PATIENCE, "", () -> onNode("ls " + file + " 2>/dev/null || true"));
    await("it is back", PATIENCE, 2L, this::countMachines);
    assertEquals("active", onNode("systemctl is-active fleet"));
  }
}
