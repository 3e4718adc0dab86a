package fleet.testing.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.env.Environment.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What an agent may rely on, whichever systemd it talks to: units that start and stop.
public abstract class UnitJobsContract extends SystemdScene {

  private static final String SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";
  private static final String ONESHOT = "[Service]\nType=oneshot\nExecStart=/bin/true\n";
  private static final String FAILING = "[Service]\nType=oneshot\nExecStart=/bin/false\n";

  @Test
  void serviceStartsAndStops() {
    within(
        () -> {
          install("up.service", SERVICE);

          assertEquals(JobResult.DONE, systemd().start(unit("up.service"), LONG));
          assertEquals("active running success", words("up.service"));

          assertEquals(JobResult.DONE, systemd().stop(unit("up.service"), LONG));
          assertEquals("inactive dead success", words("up.service"));
        });
  }

  @Test
  void startingWhatRunsAndStoppingWhatRestsIsDoneAtOnce() {
    within(
        () -> {
          install("idem.service", SERVICE);

          assertEquals(JobResult.DONE, systemd().stop(unit("idem.service"), LONG));
          assertEquals(JobResult.DONE, systemd().start(unit("idem.service"), LONG));
          assertEquals(JobResult.DONE, systemd().start(unit("idem.service"), LONG));
          assertEquals("active running success", words("idem.service"));
        });
  }

  @Test
  void startOfOneshotEndsWhenItsProgramHas() {
    within(
        () -> {
          install("once.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 0.3\n");

          assertEquals(JobResult.DONE, systemd().start(unit("once.service"), LONG));
          assertEquals("inactive dead success", words("once.service"));
        });
  }

  @Test
  void oneshotThatRemainsIsActiveWhenItHasEnded() {
    within(
        () -> {
          install("remains.service", ONESHOT + "RemainAfterExit=yes\n");

          assertEquals(JobResult.DONE, systemd().start(unit("remains.service"), LONG));
          assertEquals("active exited success", words("remains.service"));
        });
  }

  @Test
  void startThatFailsSaysSoAndHow() {
    within(
        () -> {
          install("fails.service", FAILING);

          assertEquals(JobResult.FAILED, systemd().start(unit("fails.service"), LONG));
          assertEquals("failed failed exit-code", words("fails.service"));
        });
  }

  @Test
  void unitThatHasFailedIsSpokenOfInTheJournal() {
    within(
        () -> {
          install("last.service", FAILING);
          systemd().start(unit("last.service"), LONG);

          String told = "last.service: Failed with result 'exit-code'.";
          while (!systemd().lastLines(unit("last.service"), 10).contains(told)) {
            environment().sleep(Duration.ofMillis(20));
          }
          assertEquals(1, systemd().lastLines(unit("last.service"), 1).size());
          assertEquals(List.of(), systemd().lastLines(unit("nobody.service"), 10));
        });
  }

  @Test
  void serviceThatEndsByItselfIsSeenToHaveEnded() {
    within(
        () -> {
          install("brief.service", "[Service]\nExecStart=/bin/sleep 0.2\n");
          Signal changed = environment().signal("test");
          systemd().watch(changed);

          assertEquals(JobResult.DONE, systemd().start(unit("brief.service"), LONG));

          until(changed, "brief.service", seen -> seen.active().equals("inactive"));
        });
  }

  @Test
  void startThatTakesLongerThanTheLimitGoesOn() {
    within(
        () -> {
          install("slow.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 5\n");
          Signal changed = environment().signal("test");
          systemd().watch(changed);

          assertEquals(
              JobResult.UNFINISHED, systemd().start(unit("slow.service"), Duration.ofMillis(200)));
          assertEquals("activating start success", words("slow.service"));
          assertEquals("start", look("slow.service").job());
          assertEquals(Phase.RISING, look("slow.service").phase());

          until(changed, "slow.service", seen -> seen.phase() == Phase.RESTING);
        });
  }

  @Test
  void stopWaitsForTheUnitsOwnWayOfStopping() {
    within(
        () -> {
          install("lingers.service", SERVICE + "ExecStop=/bin/sleep 5\n");
          systemd().start(unit("lingers.service"), LONG);
          Signal changed = environment().signal("test");
          systemd().watch(changed);
          var result = new AtomicReference<JobResult>();
          environment()
              .fork("stop", () -> result.set(systemd().stop(unit("lingers.service"), LONG)));

          until(changed, "lingers.service", seen -> seen.phase() == Phase.FALLING);
          assertEquals("stop", look("lingers.service").job());
          assertEquals("deactivating", look("lingers.service").active());

          until(changed, "lingers.service", seen -> seen.phase() == Phase.RESTING);
          until(() -> result.get() != null);
          assertEquals(JobResult.DONE, result.get());
        });
  }

  @Test
  void stopOvertakesStart() {
    within(
        () -> {
          install("late.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 300\n");
          Signal changed = environment().signal("test");
          systemd().watch(changed);
          var result = new AtomicReference<JobResult>();
          environment()
              .fork("start", () -> result.set(systemd().start(unit("late.service"), LONG)));
          until(changed, "late.service", seen -> seen.phase() == Phase.RISING);

          assertEquals(JobResult.DONE, systemd().stop(unit("late.service"), LONG));

          until(() -> result.get() != null);
          assertEquals(JobResult.CANCELED, result.get());
          assertEquals(Phase.RESTING, look("late.service").phase());
        });
  }

  @Test
  void unitThatIsNotThereCannotStart() {
    within(
        () -> {
          var refused =
              assertThrows(
                  SystemdException.Refused.class,
                  () -> systemd().start(unit("missing.service"), LONG));

          assertEquals("Unit missing.service not found.", refused.getMessage());
          assertEquals("org.freedesktop.systemd1.NoSuchUnit", refused.name());
        });
  }

  @Test
  void stoppingAUnitThatIsNotThereIsDoneAtOnce() {
    within(() -> assertEquals(JobResult.DONE, systemd().stop(unit("missing.service"), LONG)));
  }

  @Test
  void unitWithoutAnythingToDoCannotStart() {
    within(
        () -> {
          install("empty.service", "[Service]\nType=simple\n");

          var refused =
              assertThrows(
                  SystemdException.Refused.class,
                  () -> systemd().start(unit("empty.service"), LONG));

          assertEquals("Unit empty.service has a bad unit file setting.", refused.getMessage());
          assertEquals("org.freedesktop.systemd1.BadUnitSetting", refused.name());
          assertEquals("bad-setting", look("empty.service").load());
        });
  }

  @Test
  void restartIsAnotherInvocationOfWhatRuns() {
    within(
        () -> {
          install("anew.service", SERVICE);
          systemd().start(unit("anew.service"), LONG);
          String before = look("anew.service").run().invocation();

          assertEquals(JobResult.DONE, systemd().restart(unit("anew.service"), LONG));

          assertEquals("active running success", words("anew.service"));
          assertEquals(32, look("anew.service").run().invocation().length());
          assertNotEquals(before, look("anew.service").run().invocation());
          assertEquals(0, look("anew.service").run().restarts());
        });
  }

  @Test
  void restartOfWhatRestsStartsIt() {
    within(
        () -> {
          install("rests.service", SERVICE);

          assertEquals(JobResult.DONE, systemd().restart(unit("rests.service"), LONG));

          assertEquals("active running success", words("rests.service"));
        });
  }

  @Test
  void whatCannotBeLoadedAnyMoreIsNotStoppedByARestart() {
    within(
        () -> {
          install("lost.service", SERVICE);
          systemd().start(unit("lost.service"), LONG);
          String before = look("lost.service").run().invocation();
          install("lost.service", "[Service]\nExecStrat=/bin/sleep infinity\n");

          var refused =
              assertThrows(
                  SystemdException.Refused.class,
                  () -> systemd().restart(unit("lost.service"), LONG));

          assertEquals("Unit lost.service has a bad unit file setting.", refused.getMessage());
          assertEquals("active running success", runs("lost.service"));
          assertEquals(before, look("lost.service").run().invocation());
          assertEquals(
              Optional.of(file("[Service]\nExecStrat=/bin/sleep infinity\n")),
              systemd().file(unit("lost.service")));
          assertEquals(Optional.empty(), systemd().file(unit("never.service")));
        });
  }

  @Test
  void whatRequiresWhatIsNotThereIsNotStoppedByARestart() {
    within(
        () -> {
          install("needy.service", SERVICE);
          systemd().start(unit("needy.service"), LONG);
          String before = look("needy.service").run().invocation();
          install("needy.service", "[Unit]\nRequires=gone-away.service\n" + SERVICE);

          var refused =
              assertThrows(
                  SystemdException.Refused.class,
                  () -> systemd().restart(unit("needy.service"), LONG));

          assertEquals("Unit gone-away.service not found.", refused.getMessage());
          assertEquals(before, look("needy.service").run().invocation());
        });
  }

  @Test
  void timerWithoutItsServiceIsRefusedByItsStart() {
    within(
        () -> {
          install("lone.timer", "[Timer]\nOnActiveSec=1h\n");

          assertEquals(JobResult.FAILED, systemd().start(unit("lone.timer"), LONG));

          assertEquals("inactive", look("lone.timer").active());
          String told = "lone.timer: Refusing to start, unit lone.service to trigger not loaded.";
          while (!systemd().lastLines(unit("lone.timer"), 10).contains(told)) {
            environment().sleep(Duration.ofMillis(20));
          }
        });
  }

  @Test
  void startFailsByWhatIsRequired() {
    within(
        () -> {
          install("first.service", FAILING);
          install(
              "then.service", "[Unit]\nRequires=first.service\nAfter=first.service\n" + SERVICE);

          assertEquals(JobResult.DEPENDENCY, systemd().start(unit("then.service"), LONG));

          assertEquals("failed", look("first.service").active());
          assertEquals("inactive", look("then.service").active());
        });
  }

  @Test
  void restartsBySystemdItselfAreCounted() {
    within(
        () -> {
          install("loops.service", "[Service]\nExecStart=/bin/false\nRestart=always\n");
          Signal changed = environment().signal("test");
          systemd().watch(changed);

          systemd().start(unit("loops.service"), LONG);

          until(changed, "loops.service", seen -> seen.run().restarts() >= 2);
          assertEquals("exit code 1", exit("loops.service"));
          systemd().stop(unit("loops.service"), LONG);
        });
  }

  /// Also of a unit whose file systemd has read, and cannot load.
  private String runs(String name) throws InterruptedException {
    LocalUnit seen = look(name);
    return seen.active() + " " + seen.sub() + " success";
  }

  private String exit(String name) throws InterruptedException {
    return look(name).run().exit();
  }

  @Test
  void unitsOfEveryKindAreDriven() {
    within(
        () -> {
          install("k.service", SERVICE);
          var files = new TreeMap<String, String>();
          files.put("k.socket", "[Socket]\nListenStream=/run/fleet-contract.sock\n");
          files.put("k.timer", "[Timer]\nOnActiveSec=1h\n");
          files.put("k.path", "[Path]\nPathExists=/no/such/file\n");
          files.put("k.target", "[Unit]\nDescription=k\n");
          files.put("fleetk.slice", "[Slice]\nCPUAccounting=no\n");
          files.put("run-fleetk.mount", "[Mount]\nWhat=tmpfs\nWhere=/run/fleetk\nType=tmpfs\n");
          var up = new TreeMap<String, String>();

          for (var entry : files.entrySet()) {
            install(entry.getKey(), entry.getValue());
            assertEquals(
                JobResult.DONE, systemd().start(unit(entry.getKey()), LONG), entry.getKey());
            up.put(entry.getKey(), words(entry.getKey()));
          }

          assertEquals(
              "{fleetk.slice=active active , k.path=active waiting success, k.socket=active"
                  + " listening success, k.target=active active , k.timer=active waiting success,"
                  + " run-fleetk.mount=active mounted success}",
              up.toString());
          for (String name : files.keySet()) {
            assertEquals(JobResult.DONE, systemd().stop(unit(name), LONG), name);
            assertEquals(Phase.RESTING, look(name).phase(), name);
          }
        });
  }

  @Test
  void startsAndStopsOfOthersAreSignaled() {
    within(
        () -> {
          install("seen.service", SERVICE);
          look("seen.service");
          Signal changed = environment().signal("test");
          systemd().watch(changed);

          environment().fork("other", () -> systemd().start(unit("seen.service"), LONG));

          until(changed, "seen.service", seen -> seen.active().equals("active"));
          environment().fork("other", () -> systemd().stop(unit("seen.service"), LONG));
          until(changed, "seen.service", seen -> seen.active().equals("inactive"));
        });
  }
}
