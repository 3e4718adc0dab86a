package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.scheduler.lead.EngineScene.Node;
import fleet.scheduler.plan.ClusterScene;
import fleet.testing.time.ThreadLog;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an engine writes into its log: what it does to units, and what keeps it from doing so.
class EngineLogTest {

  private static final Logger ENGINE = Logger.getLogger("fleet.scheduler");

  private final EngineScene world = new EngineScene(1);
  private final Node leader = world.node("aaaa").join().compete();
  private final ThreadLog log = new ThreadLog();

  @BeforeEach
  void listen() {
    ENGINE.addHandler(log);
    ENGINE.setLevel(Level.FINE);
  }

  @AfterEach
  void endListening() {
    ENGINE.removeHandler(log);
    ENGINE.setLevel(null);
  }

  private List<String> lines() {
    return log.records().stream()
        .map(line -> line.getLevel() + " " + new SimpleFormatter().formatMessage(line))
        .toList();
  }

  /// The lines that begin so; of how long something has lasted only that it is told.
  private List<String> told(String beginning) {
    return lines().stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.replaceFirst(", after \\d.*", ", after some time"))
        .toList();
  }

  @Test
  void whatIsDoneToUnitsIsToldWithItsReason() {
    world.run(SECOND);

    world.launch("web.service");
    world.run(SECOND);
    world.rewrite("web.service", ClusterScene.file(List.of("ExecStart=/bin/new")));
    world.run(SECOND);
    world.delete("units/web.service");
    world.run(SECOND);
    world.submit(ClusterScene.file(List.of("Exclusive=true")), "db.service");
    world.run(SECOND);
    world.delete("units/db.service");
    world.run(SECOND);

    assertEquals(
        List.of(
            "INFO assigned unit=web.service machine=aaaa reason=\"fewest units (0)\"",
            "INFO updated unit=web.service machine=aaaa reason=\"new text\"",
            "INFO unassigned unit=web.service machine=aaaa cause=\"destroyed\"",
            "INFO assigned unit=db.service machine=aaaa reason=\"fewest units (0)\"",
            "INFO withheld unit=db.service machine=aaaa cause=\"destroyed\""),
        lines().stream().filter(line -> line.contains(" unit=")).toList());
  }

  @Test
  void whatIsLeftIsToldToThoseWhoWantToKnowWhyNothingWasDone() {
    world.run(SECOND);

    world.submit(ClusterScene.file(List.of("MachineID=none")), "waits.service");
    world.run(SECOND);

    assertEquals(
        List.of("FINE left unit=waits.service reason=\"the only machine cannot take it\""),
        told("FINE left "));
  }

  @Test
  void whatCannotBeUnderstoodIsToldOnce() {
    world.run(SECOND);

    world.put("strangers/x", "garbage");
    world.run(SECOND);
    world.launch("web.service");
    world.run(SECOND.multipliedBy(60));

    assertEquals(
        List.of("WARNING cannot understand key=/fleet/strangers/x reason=\"no key of fleet's\""),
        told("WARNING "));
  }

  @Test
  void leadershipIsToldWithItsTerm() {
    world.run(SECOND);

    world.delete("leader");
    world.launch("web.service");
    world.run(SECOND);

    var told = told("INFO leadership ");
    assertEquals(3, told.size(), told::toString);
    assertEquals(told.getFirst().replace("acquired term=", "lost term="), told.get(1));
    assertEquals("INFO leadership acquired term=", told.getLast().replaceAll("\\d", ""));
  }

  @Test
  void storeThatIsAwayIsToldOfAndThatItIsBack() {
    world.run(SECOND.multipliedBy(5));

    leader.link.cut = true;
    world.run(SECOND.multipliedBy(20));
    leader.link.cut = false;
    world.run(SECOND.multipliedBy(5));

    assertEquals(
        List.of("WARNING the store is away cause=\"the link is cut\""), told("WARNING the store "));
    assertEquals(List.of("INFO the store is back, after some time"), told("INFO the store "));
  }

  @Test
  void storeThatRefusesTheEngineIsToldOfAndThatItAcceptsIt() {
    leader.link.denied = true;
    world.run(SECOND.multipliedBy(20));

    leader.link.denied = false;
    world.run(SECOND.multipliedBy(10));

    assertEquals(
        List.of("SEVERE the store refuses the engine: nobody of that name is known"),
        told("SEVERE "));
    assertEquals(List.of("INFO the store accepts the engine, after some time"), told("INFO the"));
  }

  @Test
  void writesThatAreNotAnsweredAreToldOfAndThatTheyAreAgain() {
    world.run(SECOND);

    leader.link.loseAnswer = true;
    world.launch("web.service");
    world.run(SECOND);
    world.launch("app.service");
    world.run(SECOND);

    assertEquals(
        List.of("WARNING a write was not answered, reading anew cause=\"the answer was lost\""),
        told("WARNING "));
    assertEquals(List.of("INFO writes are answered again, after some time"), told("INFO writes "));
  }

  @Test
  void pauseOfEvictionsIsToldWithItsWayOutAndThatItIsOver() {
    var others = List.of(world.node("bbbb").join(), world.node("cccc").join());
    world.run(SECOND.multipliedBy(5));
    world.launch("a.service", "b.service", "c.service");
    world.run(SECOND);

    others.forEach(Node::powerOff);
    world.run(SECOND.multipliedBy(20));
    others.forEach(Node::powerOn);
    others.forEach(Node::join);
    world.run(SECOND.multipliedBy(10));

    assertEquals(
        List.of(
            "WARNING evictions are paused reason=\"2 of 3 machines are silent, more than"
                + " evict_share=0.5\"; to evict machines: fleetctl evict"),
        told("WARNING evictions "));
    assertEquals(
        List.of("INFO evictions are not paused any longer, after some time"),
        told("INFO evictions "));
  }
}
