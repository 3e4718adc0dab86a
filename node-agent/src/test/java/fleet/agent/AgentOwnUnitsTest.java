package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.cluster.Machine;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Registry.Announced;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a machine has for itself is never stopped, nor taken over, whatever is assigned under its
/// name.
class AgentOwnUnitsTest extends AgentScene {

  private static final String THEIRS = "[Service]\nExecStart=/bin/theirs\n";
  private static final String ETC = "/etc/systemd/system/mine.service";
  private static final String LIB = "/usr/lib/systemd/system/mine.service";
  private static final String OWN = "this machine has a mine.service of its own: ";

  /// The machine has the unit, and runs it.
  private void machineRuns(String path) {
    systemd.ownUnits().put(path, unit("mine.service"), THEIRS);
    systemd.ownUnits().start(unit("mine.service"));
  }

  private boolean theirsRuns() {
    return systemd.ownUnits().runs(unit("mine.service")).isPresent();
  }

  private String told() throws InterruptedException {
    return leader
        .announced(ID)
        .map(Announced::machine)
        .map(Parsed::orElseThrow)
        .map(Machine::own)
        .orElseThrow()
        .toString();
  }

  /// An agent of a version that did not ask whose a name is has brought the unit.
  private void brought(String name, String text) throws IOException {
    systemd.write(unit(name), text);
    systemd.ownUnits().linkOver(unit(name));
    var hash = UnitFile.parse(text).orElseThrow().hash();
    applied.write(name + "\t" + hash.text() + "\tlaunched\t1\tNOTHING\n");
  }

  @Test
  void unitThatTheMachineRunsIsNeitherStartedNorStopped() {
    within(
        () -> {
          machineRuns(ETC);
          startAgent();
          launch("mine.service", SERVICE);
          pass(2_000);

          assertEquals("", asked());
          assertTrue(state("mine.service").own());
          assertEquals(OWN + ETC, problem("mine.service"));
          assertEquals(TargetState.INACTIVE, state("mine.service").reached());
          assertEquals("{mine.service=has a mine.service of its own: " + ETC + "}", told());

          unassign("mine.service");
          pass(10_000);

          assertEquals("", asked());
          assertTrue(theirsRuns());
          assertEquals("", states());
        });
  }

  @Test
  void noLinkIsMadeOverAUnitOfLib() {
    within(
        () -> {
          machineRuns(LIB);
          startAgent();
          launch("mine.service", SERVICE);
          pass(2_000);
          unassign("mine.service");
          pass(2_000);

          assertEquals("", asked());
          assertTrue(theirsRuns());
        });
  }

  @Test
  void nameIsRememberedForAsLongAsTheMachineHasItForItself() {
    within(
        () -> {
          systemd.ownUnits().put(ETC, unit("mine.service"), THEIRS);
          startAgent();
          launch("mine.service", SERVICE);
          pass(2_000);
          unassign("mine.service");
          pass(60_000);
          assertEquals("{mine.service=has a mine.service of its own: " + ETC + "}", told());

          systemd.ownUnits().take(ETC, unit("mine.service"));
          pass(60_000);
          assertEquals("{}", told());

          launch("mine.service", SERVICE);
          pass(2_000);
          assertEquals("mine.service launched active", states());
          assertFalse(theirsRuns());
        });
  }

  @Test
  void whatFleetStartedIsStoppedAlsoWhenAnothersFileHasComeOverIt() {
    within(
        () -> {
          startAgent();
          launch("mine.service", SERVICE);
          pass(2_000);
          systemd.ownUnits().put(ETC, unit("mine.service"), THEIRS);
          systemd.reload();
          asked();
          pass(60_000);

          assertEquals("", asked());
          assertEquals("mine.service launched active", states());
          assertEquals(OWN + ETC, problem("mine.service"));
          assertFalse(state("mine.service").own());
          assertEquals("{}", told());

          unassign("mine.service");
          pass(2_000);
          assertEquals(lines("stop mine.service", "remove mine.service", "reload"), asked());
          assertEquals("[]", running());
        });
  }

  @Test
  void anAgentThatFollowsKnowsWhatFleetStarted() {
    within(
        () -> {
          startAgent();
          launch("mine.service", SERVICE);
          pass(2_000);
          killAgent();
          systemd.ownUnits().put(ETC, unit("mine.service"), THEIRS);
          systemd.reload();
          asked();
          startAgent();
          pass(10_000);
          assertEquals("", asked());

          unassign("mine.service");
          pass(2_000);
          assertEquals(lines("stop mine.service", "remove mine.service", "reload"), asked());
        });
  }

  @Test
  void whatStartsFromAnothersFileInPlaceOfFleetsIsLeftAlone() {
    within(
        () -> {
          startAgent();
          launch("mine.service", "[Service]\nExecStart=/bin/sleep 30\n");
          pass(2_000);
          systemd.ownUnits().put(ETC, unit("mine.service"), THEIRS);
          pass(40_000);
          systemd.ownUnits().start(unit("mine.service"));
          asked();
          pass(10_000);
          unassign("mine.service");
          pass(10_000);

          assertEquals("", asked());
          assertTrue(theirsRuns());
        });
  }

  @Test
  void whatAnOlderAgentPutOverTheMachinesOwnIsTakenAwayWithoutAStop() {
    within(
        () -> {
          machineRuns(LIB);
          brought("mine.service", SERVICE);
          systemd.reload();
          asked();
          startAgent();
          pass(5_000);

          assertEquals(lines("remove mine.service", "reload"), asked());
          assertTrue(theirsRuns());
          assertEquals(new OnDisk.Absent(), systemd.peek(unit("mine.service")).file());
        });
  }

  @Test
  void whatAnOlderAgentRunsIsAdoptedAsItIs() {
    within(
        () -> {
          brought("web.service", SERVICE);
          systemd.reload();
          systemd.ownUnits().start(unit("web.service"));
          asked();
          launch("web.service", SERVICE);
          startAgent();
          pass(10_000);

          assertEquals("", asked());
          assertEquals("web.service launched active", states());

          unassign("web.service");
          pass(2_000);
          assertEquals(lines("stop web.service", "remove web.service", "reload"), asked());
        });
  }

  @Test
  void daemonThatFindsAUnitOfItsOwnNameMendsItAndRunsOn() {
    within(
        () -> {
          systemd
              .ownUnits()
              .put("/usr/lib/systemd/system/fleet.service", unit("fleet.service"), THEIRS);
          systemd.ownUnits().start(unit("fleet.service"));
          brought("fleet.service", SERVICE);
          systemd.reload();
          asked();
          launch("fleet.service", SERVICE);
          startAgent();
          pass(5_000);

          assertEquals(lines("remove fleet.service", "reload"), asked());
          assertEquals("[fleet.service]", running());
          assertTrue(state("fleet.service").own());
        });
  }

  @Test
  void noSwitchIsArmedForWhatTheMachineHasForItself() {
    within(
        () -> {
          machineRuns(ETC);
          startAgent();
          launch("mine.service", SERVICE + "[X-Fleet]\nExclusive=true\nDisconnect=stop\n");
          pass(60_000);
          cable.pull();
          pass(600_000);

          assertEquals("", asked());
          assertTrue(theirsRuns());
        });
  }

  @Test
  void socketThatStartsFleetsFileMakesItFleets() {
    within(
        () -> {
          startAgent();
          assign("mine.service", SERVICE, TargetState.LOADED, 1);
          pass(2_000);
          systemd.ownUnits().start(unit("mine.service"));
          pass(2_000);
          systemd.ownUnits().put(ETC, unit("mine.service"), THEIRS);
          pass(2_000);
          asked();

          unassign("mine.service");
          pass(2_000);
          assertEquals(lines("stop mine.service", "remove mine.service", "reload"), asked());
        });
  }

  @Test
  void leavingStopsNothingThatIsTheMachinesOwn() {
    within(
        () -> {
          machineRuns(ETC);
          Agent agent = startAgent();
          launch("mine.service", SERVICE);
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          agent.leave(Duration.ofSeconds(30));

          assertEquals(lines("stop web.service", "remove web.service", "reload"), asked());
          assertEquals("[mine.service]", running());
        });
  }

  @Test
  void aNameThatIsFreeAgainIsTold() {
    within(
        () -> {
          systemd.ownUnits().put(ETC, unit("mine.service"), THEIRS);
          startAgent();
          launch("mine.service", SERVICE);
          pass(2_000);
          systemd.ownUnits().take(ETC, unit("mine.service"));
          pass(60_000);

          assertEquals("mine.service launched active", states());
          assertEquals("", problem("mine.service"));
          assertEquals("{}", told());
        });
  }
}
