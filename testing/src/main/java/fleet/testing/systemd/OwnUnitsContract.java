package fleet.testing.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Origin;
import fleet.agent.systemd.Origin.Loaded;
import org.junit.jupiter.api.Test;

/// What an agent may rely on, whichever systemd it talks to: what is the machine's own is told from
/// what is fleet's, and left alone.
public abstract class OwnUnitsContract extends SystemdScene {

  private static final String FLEETS = "[Service]\nExecStart=/bin/sleep infinity\n";
  private static final String THEIRS = "[Service]\nExecStart=/bin/sleep 86400\n";
  private static final String ETC = "/etc/systemd/system/";
  private static final String LIB = "/usr/local/lib/systemd/system/";

  private Origin origin(String name) throws InterruptedException {
    return look(name).origin();
  }

  private void startTheirs(String path, String name) throws InterruptedException {
    put(path, THEIRS);
    systemd().reload();
    assertEquals(JobResult.DONE, systemd().start(unit(name), LONG));
  }

  private static String refusal(String name, String path) {
    return "{" + name + "=this machine has a " + name + " of its own: " + path + "}";
  }

  @Test
  void unitThatRunsFromTheFileOfFleetIsFleets() {
    within(
        () -> {
          install("ours.service", FLEETS);
          assertEquals(Origin.FLEET, origin("ours.service"));

          systemd().start(unit("ours.service"), LONG);

          LocalUnit running = look("ours.service");
          assertEquals(Origin.FLEET, running.origin());
          assertNotEquals("", running.invocation());

          systemd().reload();
          assertEquals(running, look("ours.service"));
        });
  }

  @Test
  void eachStartIsAnotherInvocation() {
    within(
        () -> {
          install("again.service", FLEETS);
          systemd().start(unit("again.service"), LONG);
          String first = look("again.service").invocation();
          systemd().stop(unit("again.service"), LONG);
          assertEquals("", look("again.service").invocation());
          systemd().start(unit("again.service"), LONG);

          assertNotEquals(first, look("again.service").invocation());
        });
  }

  @Test
  void fileOfTheMachinesOwnIsSeenThoughSystemdHasNotReadIt() {
    within(
        () -> {
          install("etc.service", FLEETS);
          systemd().start(unit("etc.service"), LONG);
          LocalUnit before = look("etc.service");

          put(ETC + "etc.service", THEIRS);

          assertEquals(
              new Origin(Loaded.FLEETS, ETC + "etc.service", false), origin("etc.service"));
          assertEquals(before.invocation(), look("etc.service").invocation());

          systemd().reload();
          assertEquals(
              new Origin(Loaded.ANOTHERS, ETC + "etc.service", false), origin("etc.service"));
          assertEquals(before.invocation(), look("etc.service").invocation());

          take(ETC + "etc.service");
          systemd().reload();
          assertEquals(before, look("etc.service"));
        });
  }

  @Test
  void whatTheMachineHasInEtcIsNotInstalled() {
    within(
        () -> {
          startTheirs(ETC + "mine.service", "mine.service");
          LocalUnit before = look("mine.service");
          assertEquals(Loaded.ANOTHERS, before.origin().loaded());

          var refused = tryToInstall("mine.service", FLEETS);

          assertEquals(refusal("mine.service", ETC + "mine.service"), refused.toString());
          assertEquals(before, look("mine.service"));
          systemd().stop(unit("mine.service"), LONG);
        });
  }

  @Test
  void noLinkIsMadeOverWhatTheMachineHasInLib() {
    within(
        () -> {
          startTheirs(LIB + "lib.service", "lib.service");
          LocalUnit before = look("lib.service");

          var refused = tryToInstall("lib.service", FLEETS);

          assertEquals(refusal("lib.service", LIB + "lib.service"), refused.toString());
          assertEquals(before, look("lib.service"));
          assertEquals(new OnDisk.Absent(), look("lib.service").file());
          systemd().stop(unit("lib.service"), LONG);
        });
  }

  @Test
  void unitOfTheMachinesOwnTemplateIsItsOwn() {
    within(
        () -> {
          install("free@1.service", FLEETS);

          assertEquals("", origin("free@1.service").another());
        });
  }

  @Test
  void removalLeavesWhatIsTheMachinesOwnAsItIs() {
    within(
        () -> {
          startTheirs(ETC + "stays.service", "stays.service");
          write("stays.service", FLEETS);
          LocalUnit before = look("stays.service");

          assertEquals(none(), systemd().remove(set("stays.service")));
          systemd().reload();

          LocalUnit after = look("stays.service");
          assertEquals(new OnDisk.Absent(), after.file());
          assertEquals("active running success", words("stays.service"));
          assertEquals(before.origin(), after.origin());
          systemd().stop(unit("stays.service"), LONG);
        });
  }

  @Test
  void stopOfAnInvocationStopsNoOther() {
    within(
        () -> {
          install("once.service", FLEETS);
          systemd().start(unit("once.service"), LONG);
          String first = look("once.service").invocation();
          systemd().stop(unit("once.service"), LONG);
          systemd().start(unit("once.service"), LONG);

          assertEquals(JobResult.UNFINISHED, systemd().stop(unit("once.service"), first, LONG));
          assertEquals("active running success", words("once.service"));

          String second = look("once.service").invocation();
          assertEquals(JobResult.DONE, systemd().stop(unit("once.service"), second, LONG));
          assertEquals("inactive dead success", words("once.service"));
        });
  }

  @Test
  void aliasTakesOverNobodysName() {
    within(
        () -> {
          startTheirs(LIB + "al.service", "al.service");
          LocalUnit before = look("al.service");

          var refused = tryToInstall("al2.service", FLEETS + "[Install]\nAlias=al.service\n");

          assertEquals(
              "{al2.service=its Alias=al.service is the name of another's unit here: "
                  + LIB
                  + "al.service}",
              refused.toString());
          assertEquals(before, look("al.service"));
          assertEquals("not-found", look("al2.service").load());
          systemd().stop(unit("al.service"), LONG);
        });
  }

  @Test
  void aliasTakesOverNoOtherUnitOfFleets() {
    within(
        () -> {
          install("first.service", FLEETS);
          systemd().start(unit("first.service"), LONG);
          LocalUnit before = look("first.service");

          var refused = tryToInstall("second.service", THEIRS + "[Install]\nAlias=first.service\n");

          assertFalse(refused.isEmpty());
          assertEquals(before, look("first.service"));
          assertEquals("not-found", look("second.service").load());
        });
  }

  @Test
  void alsoEnablesNothingOfTheMachinesOwn() {
    within(
        () -> {
          put(LIB + "other.service", THEIRS + "[Install]\nWantedBy=x.target\n");
          systemd().reload();

          var refused =
              tryToInstall(
                  "with.service", FLEETS + "[Install]\nWantedBy=x.target\nAlso=other.service\n");

          assertEquals(
              "{with.service=its Also=other.service would enable another's unit: "
                  + LIB
                  + "other.service}",
              refused.toString());
        });
  }
}
