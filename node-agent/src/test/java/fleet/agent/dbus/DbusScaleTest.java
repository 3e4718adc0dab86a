package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/// What it costs systemd to have many units. Calls are counted where they leave us.
final class DbusScaleTest extends NodeScene {

  private static final int MANY = 300;

  private final UnitDirectory directory;
  private final UnitFiles files;
  private final OthersFiles others;
  private final Observations observations;
  private final SortedMap<UnitName.Placeable, UnitFile> units = new TreeMap<>();
  private Link link;

  DbusScaleTest(Node node) throws InterruptedException {
    super(node);
    directory = new UnitDirectory(node.root().resolve("run/fleet/units"));
    others = new OthersFiles(node.options());
    observations = new Observations(others, Set.of());
    files =
        new UnitFiles(
            Path.of("/run/fleet/units"),
            directory,
            new SwitchFiles(node.root().resolve("run/systemd/system"), false),
            others,
            new OwnLinks(node.options(), others),
            LONG);
  }

  @BeforeEach
  void listen() throws InterruptedException {
    link = spy(LinkFactory.bus(node.options().busAddress(), LONG));
    others.ask(link, LONG);
    clearInvocations(link);
    for (int i = 0; i < MANY; i++) {
      units.put(unit("many@" + i + ".service"), file(SERVICE));
    }
  }

  @AfterEach
  void hangUp() throws InterruptedException {
    systemd().remove(new TreeSet<>(units.keySet()));
    link.close();
  }

  @Test
  void manyUnitsAreInstalledAndRemovedInOneCallOfAKind() throws IOException, InterruptedException {
    assertEquals(none(), files.install(link, units));
    assertEquals(List.of("LinkUnitFiles"), calls());

    assertEquals(none(), files.install(link, units));
    assertEquals(List.of("LinkUnitFiles"), calls());

    units.replaceAll((name, file) -> file(SERVICE + "Nice=1\n"));
    assertEquals(none(), files.install(link, units));
    assertEquals(List.of("LinkUnitFiles"), calls());

    files.remove(link, new TreeSet<>(units.keySet()));
    assertEquals(Set.of("ResetFailedUnit"), Set.copyOf(calls()));
  }

  @Test
  void unitsAtRestAreReadOnce() throws IOException, InterruptedException {
    files.install(link, units);
    assertFalse(calls().isEmpty());

    var first = look();
    assertEquals(List.of("ListUnits", "ListUnitsByNames"), calls());
    assertEquals(MANY, first.size());
    assertEquals(first, look());
    assertEquals(List.of("ListUnits"), calls());

    observations.filesChanged();
    assertEquals(first, look());
    assertEquals(List.of("ListUnits", "ListUnitsByNames"), calls());
  }

  @Test
  void resultsAreAskedOnlyOfUnitsThatHaveChanged() throws IOException, InterruptedException {
    files.install(link, units);
    startAll();
    calls();

    var first = look();
    // The list, and of each its file, its invocation, its restarts and its result.
    assertEquals(1 + 4 * MANY, calls().size());
    first.values().forEach(unit -> assertEquals("active running success", words(unit)));
    assertEquals(first, look());
    assertEquals(List.of("ListUnits"), calls());

    node.run("systemctl", "kill", "--signal=KILL", "many@7.service");
    until(() -> words(state(lookNow(), unit("many@7.service"))).equals("failed failed signal"));
    stopAll();
  }

  @Test
  void lookingRaisesNoSignals() throws IOException, InterruptedException {
    systemd().install(units);
    var raised = new AtomicInteger();
    Signal counter =
        new Signal() {
          @Override
          public void raise() {
            raised.incrementAndGet();
          }

          @Override
          public boolean await(Duration limit) {
            return false;
          }
        };
    systemd().units(new TreeSet<>());
    Signal quiet = environment().signal("quiet");
    systemd().watch(quiet);
    while (quiet.await(Duration.ofSeconds(2))) {
      // Until what is due to installing has come.
    }
    systemd().watch(counter);

    for (int i = 0; i < 5; i++) {
      systemd().units(set("nobody.service", "dbus.service"));
    }
    int first = raised.get();
    for (int i = 0; i < 5; i++) {
      systemd().units(set("nobody.service", "dbus.service"));
    }
    environment().sleep(Duration.ofMillis(300));

    assertEquals(first, raised.get());
  }

  @Test
  void jobsBeyondWhatTheBusCanBearWait() throws InterruptedException {
    units.clear();
    for (int i = 0; i < MANY; i++) {
      units.put(unit("queue" + i + ".target"), file("[Unit]\nAfter=gate.service\n"));
    }
    systemd().install(units);
    install("gate.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 300\n");
    environment().fork("gate", () -> systemd().start(unit("gate.service"), LONG));
    until(() -> jobs() == 1);
    environment().fork("queue", this::startAll);

    until(() -> jobs() == Jobs.MOST);
    environment().sleep(Duration.ofMillis(200));
    assertEquals(Jobs.MOST, jobs());

    systemd().stop(unit("gate.service"), LONG);
    until(() -> systemdIs("active", units.keySet()));
    assertEquals(0, jobs());
  }

  private SortedMap<UnitName.Placeable, LocalUnit> look() throws IOException, InterruptedException {
    SortedMap<UnitName.Placeable, OnDisk> ours = directory.list();
    ours.keySet().retainAll(units.keySet());
    return observations.look(link, ours, LONG, LONG);
  }

  private SortedMap<UnitName.Placeable, LocalUnit> lookNow() {
    try {
      return look();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean systemdIs(String active, Set<UnitName.Placeable> names) {
    var seen = lookNow();
    return names.stream().allMatch(name -> state(seen, name).active().equals(active));
  }

  private long jobs() {
    try {
      Reply reply =
          link.call(Request.property("/org/freedesktop/systemd1", "Manager", "NJobs"), LONG);
      return ((UInt32) ((Variant<?>) reply.orThrow().getFirst()).getValue()).longValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String words(LocalUnit unit) {
    return unit.active() + " " + unit.sub() + " " + unit.result();
  }

  private void startAll() throws InterruptedException {
    var done = new CopyOnWriteArrayList<JobResult>();
    for (UnitName.Placeable name : units.keySet()) {
      environment().fork("start", () -> done.add(systemd().start(name, LONG)));
    }
    until(() -> done.size() == units.size());
    assertEquals(List.of(JobResult.DONE), List.copyOf(new TreeSet<>(done)));
  }

  private void stopAll() throws InterruptedException {
    var done = new CopyOnWriteArrayList<JobResult>();
    for (UnitName.Placeable name : units.keySet()) {
      environment().fork("stop", () -> done.add(systemd().stop(name, LONG)));
    }
    until(() -> done.size() == units.size());
  }

  /// The methods that were called since this was last asked, in order.
  @SuppressWarnings("unchecked")
  private List<String> calls() throws InterruptedException {
    ArgumentCaptor<List<Request>> requests = ArgumentCaptor.forClass(List.class);
    verify(link, atLeast(0)).callAll(requests.capture(), any());
    var methods = new ArrayList<String>();
    requests.getAllValues().forEach(all -> all.forEach(request -> methods.add(request.method())));
    clearInvocations(link);
    return methods;
  }
}
