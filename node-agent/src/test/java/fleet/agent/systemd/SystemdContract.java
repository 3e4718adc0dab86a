package fleet.agent.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What an agent may rely on, whichever systemd it talks to.
public abstract class SystemdContract extends SystemdScene {

  private static final String SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";
  private static final String ONESHOT = "[Service]\nType=oneshot\nExecStart=/bin/true\n";
  private static final String FAILING = "[Service]\nType=oneshot\nExecStart=/bin/false\n";

  @Test
  void unitThatNobodyKnowsIsSeenAsSuch() {
    within(
        () ->
            assertEquals(
                new LocalUnit(new OnDisk.Absent(), "not-found", "inactive", "dead", "", ""),
                look("nobody.service")));
  }

  @Test
  void installedUnitIsLoadedAndRests() {
    within(
        () -> {
          install("quiet.service", SERVICE);

          assertEquals(
              new LocalUnit(
                  new OnDisk.Present(file(SERVICE).hash()),
                  "loaded",
                  "inactive",
                  "dead",
                  "success",
                  ""),
              look("quiet.service"));
        });
  }

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
          install("slow.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 1\n");
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
          install("lingers.service", SERVICE + "ExecStop=/bin/sleep 0.5\n");
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
          install("late.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 30\n");
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
  void removedUnitIsForgottenAlsoIfItHasFailed() {
    within(
        () -> {
          install("bye.service", FAILING);
          systemd().start(unit("bye.service"), LONG);

          assertEquals(none(), systemd().remove(set("bye.service")));
          systemd().reload();

          assertEquals(
              new LocalUnit(new OnDisk.Absent(), "not-found", "inactive", "dead", "", ""),
              look("bye.service"));
          assertFalse(systemd().units(new TreeSet<>()).containsKey(unit("bye.service")));
        });
  }

  @Test
  void removingWhatIsNotThereIsNoError() {
    within(() -> assertEquals(none(), systemd().remove(set("never.service", "was@1.service"))));
  }

  @Test
  void replacedFileIsReadAtReload() {
    within(
        () -> {
          install("twice.service", SERVICE);
          systemd().start(unit("twice.service"), LONG);
          systemd().stop(unit("twice.service"), LONG);

          install("twice.service", ONESHOT);

          assertEquals(new OnDisk.Present(file(ONESHOT).hash()), look("twice.service").file());
          assertEquals(JobResult.DONE, systemd().start(unit("twice.service"), LONG));
          assertEquals("inactive dead success", words("twice.service"));
        });
  }

  @Test
  void unitWithInstallSectionIsEnabled() {
    within(
        () -> {
          install(
              "wanted.service",
              SERVICE + "\n[Install]\nWantedBy=multi-user.target\nAlias=w.service\n");

          assertEquals(JobResult.DONE, systemd().start(unit("wanted.service"), LONG));
          systemd().stop(unit("wanted.service"), LONG);
          assertEquals(none(), systemd().remove(set("wanted.service")));
        });
  }

  @Test
  void whatCannotBeEnabledIsNotInstalledAndTheOthersAre() {
    within(
        () -> {
          var files = new TreeMap<UnitName.Placeable, UnitFile>();
          files.put(unit("good1.service"), file(SERVICE));
          files.put(unit("bad.service"), file(SERVICE + "\n[Install]\nAlias=bad.socket\n"));
          files.put(unit("good2.service"), file(SERVICE + "\n[Install]\nWantedBy=x.target\n"));

          var refused = systemd().install(files);
          systemd().reload();

          assertEquals(set("bad.service"), refused.keySet());
          assertTrue(
              refused
                  .toString()
                  .startsWith("{bad.service=Failed to enable systemd unit bad.service: "),
              () -> "found " + refused);
          assertEquals(new OnDisk.Absent(), look("bad.service").file());
          assertEquals("not-found", look("bad.service").load());
          assertEquals("loaded", look("good1.service").load());
          assertEquals("loaded", look("good2.service").load());
        });
  }

  @Test
  void garbageInTheDirectoryIsNamedAndDisturbsNobody() {
    within(
        () -> {
          write("garbage.service", "\u0000this is [no unit\nfile");
          write("notes.txt", "not ours");
          write("web@.service", SERVICE);
          install("beside.service", SERVICE);

          assertInstanceOf(OnDisk.Garbage.class, look("garbage.service").file());
          assertEquals(JobResult.DONE, systemd().start(unit("beside.service"), LONG));
          var seen = systemd().units(new TreeSet<>());
          assertTrue(seen.containsKey(unit("garbage.service")));
          assertEquals(none(), systemd().remove(set("garbage.service")));
          assertEquals(new OnDisk.Absent(), look("garbage.service").file());
        });
  }

  @Test
  void changeToAFileOnDiskIsSeen() {
    within(
        () -> {
          install("edited.service", SERVICE);
          var before = look("edited.service").file();

          write("edited.service", "[Service]\nExecStart=/bin/sleep 86400\n");

          assertNotEquals(before, look("edited.service").file());
        });
  }

  @Test
  void namesOfEveryKindAreUnderstood() {
    within(
        () -> {
          for (String name :
              List.of(
                  "a-b_c.d:e.service",
                  "web@1.service",
                  "web@a@b.service",
                  "esc\\x2daped@\\x2fx.service",
                  "0.service",
                  "UPPER.service")) {
            install(name, SERVICE);
            assertEquals(JobResult.DONE, systemd().start(unit(name), LONG), name);
            assertEquals("active running success", words(name), name);
            assertEquals(JobResult.DONE, systemd().stop(unit(name), LONG), name);
            assertEquals(none(), systemd().remove(set(name)), name);
          }
        });
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
  void manyUnitsAreInstalledSeenStartedAndRemovedTogether() {
    within(
        () -> {
          var files = new TreeMap<UnitName.Placeable, UnitFile>();
          for (int i = 0; i < 100; i++) {
            files.put(unit("many@" + i + ".service"), file(SERVICE));
          }
          assertEquals(none(), systemd().install(files));
          systemd().reload();
          var done = new AtomicInteger();
          for (UnitName.Placeable unit : files.keySet()) {
            environment()
                .fork(
                    "start",
                    () -> {
                      assertEquals(JobResult.DONE, systemd().start(unit, LONG));
                      done.incrementAndGet();
                    });
          }
          until(() -> done.get() == 100);

          var seen = systemd().units(new TreeSet<>());

          files.keySet().forEach(name -> assertEquals("active", state(seen, name).active()));
          for (UnitName.Placeable unit : files.keySet()) {
            assertEquals(JobResult.DONE, systemd().stop(unit, LONG));
          }
          assertEquals(none(), systemd().remove(new TreeSet<>(files.keySet())));
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
