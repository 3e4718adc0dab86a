package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.SystemdException;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What becomes of unit files in systemd's own directories.
final class DbusInstallTest extends NodeScene {

  DbusInstallTest(Node node) throws InterruptedException {
    super(node);
  }

  @Test
  void linksAreMadeForAUnitAndAllTakenAwayAgain() throws IOException, InterruptedException {
    install("links.service", SERVICE + "[Install]\nWantedBy=x.target\nAlias=other.service\n");

    assertEquals(
        "links.service other.service x.target.wants/links.service", linksTo("links.service"));

    assertEquals(none(), systemd().remove(set("links.service")));
    assertEquals("", linksTo("links.service"));
  }

  @Test
  void linksAreTakenAwayAlsoIfTheFileIsGone() throws IOException, InterruptedException {
    install("gone.service", SERVICE + "[Install]\nWantedBy=x.target\n");
    systemd().start(unit("gone.service"), LONG);
    Files.delete(node.root().resolve("run/fleet/units/gone.service"));

    assertEquals(new OnDisk.Absent(), look("gone.service").file());
    assertEquals("active", look("gone.service").active());
    assertEquals(JobResult.DONE, systemd().stop(unit("gone.service"), LONG));
    assertEquals(none(), systemd().remove(set("gone.service")));

    assertEquals("", linksTo("gone.service"));
    systemd().reload();
    assertEquals("not-found", look("gone.service").load());
  }

  @Test
  void linksOfAReplacedFileGoWithIt() throws IOException, InterruptedException {
    install("re.service", SERVICE + "[Install]\nWantedBy=x.target\nAlias=before.service\n");

    install("re.service", SERVICE + "[Install]\nWantedBy=y.target\n");

    assertEquals("re.service y.target.wants/re.service", linksTo("re.service"));
  }

  @Test
  void installingTheSameAgainChangesNothing() throws IOException, InterruptedException {
    install("same.service", SERVICE + "[Install]\nWantedBy=x.target\n");
    systemd().start(unit("same.service"), LONG);

    install("same.service", SERVICE + "[Install]\nWantedBy=x.target\n");

    assertEquals("same.service x.target.wants/same.service", linksTo("same.service"));
    assertEquals("active running success", words("same.service"));
  }

  @Test
  void installSectionThatEnablesNothingIsRefused() throws IOException, InterruptedException {
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    files.put(unit("idle.service"), file(SERVICE + "[Install]\nDefaultInstance=1\n"));

    var expected = none();
    expected.put(
        unit("idle.service"),
        "Failed to enable systemd unit idle.service: its [Install] section enables nothing");
    assertEquals(expected, systemd().install(files));
    assertEquals(new OnDisk.Absent(), look("idle.service").file());
    assertEquals("", linksTo("idle.service"));
  }

  @Test
  void fileOfAnotherInTheWayOfALinkHurtsNobodyElse() throws IOException, InterruptedException {
    node.write("/run/systemd/system/taken.service", SERVICE);
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    for (String name : new String[] {"beside1.service", "taken.service", "beside2.service"}) {
      files.put(unit(name), file(SERVICE + "ExecStop=/bin/true\n"));
    }

    var expected = none();
    expected.put(
        unit("taken.service"),
        "this machine has a taken.service of its own: /run/systemd/system/taken.service");
    assertEquals(expected, systemd().install(files));
    assertEquals("beside1.service", linksTo("beside1.service"));
    assertEquals("beside2.service", linksTo("beside2.service"));
    assertEquals(
        SERVICE, Files.readString(node.root().resolve("run/systemd/system/taken.service")));
  }

  @Test
  void maskedUnitCannotStart() throws IOException, InterruptedException {
    Files.createSymbolicLink(
        node.root().resolve("etc/systemd/system/masked.service"), Path.of("/dev/null"));
    install("masked.service", SERVICE);

    var refused =
        assertThrows(
            SystemdException.Refused.class, () -> systemd().start(unit("masked.service"), LONG));
    assertEquals("Unit masked.service is masked.", refused.getMessage());
    assertEquals("masked", look("masked.service").load());
    assertEquals(none(), systemd().remove(set("masked.service")));
  }

  @Test
  void directoryMayBeOneInWhichSystemdLooksAnyway() throws IOException, InterruptedException {
    DbusOptions options = node.options();
    var own =
        new DbusOptions(
            options.busAddress(),
            Optional.empty(),
            Path.of("/etc/systemd/system"),
            options.filesRoot(),
            options.journalctl(),
            options.callLimit());
    try (var systemd = DbusSystemd.open(own)) {
      var files = new TreeMap<UnitName.Placeable, UnitFile>();
      files.put(unit("direct.service"), file(SERVICE + "[Install]\nWantedBy=x.target\n"));

      assertEquals(none(), systemd.install(files));
      systemd.reload();
      assertEquals(JobResult.DONE, systemd.start(unit("direct.service"), LONG));
      assertEquals(JobResult.DONE, systemd.stop(unit("direct.service"), LONG));
      assertEquals(none(), systemd.remove(set("direct.service")));
      systemd.reload();
      assertEquals(
          "not-found", state(systemd.units(set("direct.service")), unit("direct.service")).load());
      assertEquals("", linksTo("direct.service"));
    }
  }

  @Test
  void unitOfTheMachineItselfIsSeenIfAskedFor() throws InterruptedException {
    assertEquals("loaded", look("dbus.service").load());
    assertEquals("active running success", words("dbus.service"));
    assertEquals(new OnDisk.Absent(), look("dbus.service").file());
  }

  @Test
  void aliasIsSeenAsTheUnitThatHasIt() throws IOException, InterruptedException {
    node.write("/etc/systemd/system/real.service", SERVICE);
    Files.createSymbolicLink(
        node.root().resolve("etc/systemd/system/alias.service"), Path.of("real.service"));
    systemd().reload();
    assertEquals("inactive dead success", words("alias.service"));

    systemd().start(unit("real.service"), LONG);

    assertEquals("active running success", words("alias.service"));
    assertEquals("active running success", words("real.service"));
  }

  @Test
  void longestNameIsUnderstood() throws InterruptedException {
    String name = "n".repeat(255 - ".service".length()) + ".service";
    install(name, SERVICE);

    assertEquals(JobResult.DONE, systemd().start(unit(name), LONG));
    assertEquals("active running success", words(name));
    assertEquals(JobResult.DONE, systemd().stop(unit(name), LONG));
    assertEquals(none(), systemd().remove(set(name)));
  }

  /// What below systemd's runtime directory is a link to a file of ours.
  private String linksTo(String name) throws IOException, InterruptedException {
    var links = new TreeSet<String>();
    String found =
        node.run(
            "find", "/run/systemd/system", "-lname", "/run/fleet/units/" + name, "-printf", "%P\n");
    found.lines().forEach(links::add);
    return String.join(" ", links);
  }
}
