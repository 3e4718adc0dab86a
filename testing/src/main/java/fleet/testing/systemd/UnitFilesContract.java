package fleet.testing.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What an agent may rely on, whichever systemd it talks to: files that come, change and go.
public abstract class UnitFilesContract extends SystemdScene {

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
          write("garbage.service", "[this is no unit\nfile");
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
}
