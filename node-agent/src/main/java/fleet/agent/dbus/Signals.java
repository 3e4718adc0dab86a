package fleet.agent.dbus;

import fleet.agent.dbus.SystemdSignals.JobRemoved;
import fleet.agent.dbus.SystemdSignals.Reloading;
import fleet.agent.dbus.SystemdSignals.UnitNew;
import fleet.agent.dbus.SystemdSignals.UnitRemoved;
import fleet.agent.systemd.JobResult;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.DBusSigHandler;
import org.freedesktop.dbus.interfaces.Properties.PropertiesChanged;
import org.freedesktop.dbus.matchrules.DBusMatchRule;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.Variant;

/// What systemd says unasked: ends of jobs go to those who wait for them, all else becomes a raised
/// [Signal] if it is about units that we follow.
///
/// Anybody on the machine may send a signal. Only those of the connection that owns systemd's name
/// are heard. When that changes, systemd has left the bus or has executed itself anew; nobody knows
/// what was missed, so the link is dropped.
final class Signals implements Bus.Keeper {

  private static final String MANAGER = "/org/freedesktop/systemd1";
  private static final String NAME = "org.freedesktop.systemd1";

  private final Duration limit;
  private final Observations observations;
  private final OthersFiles others;
  private final List<Signal> watchers = new CopyOnWriteArrayList<>();

  /// Paths of the units that we follow.
  private volatile Set<String> followed = ConcurrentHashMap.newKeySet();

  Signals(Observations observations, OthersFiles others, Duration limit) {
    this.observations = observations;
    this.others = others;
    this.limit = limit;
  }

  void watch(Signal signal) {
    watchers.add(signal);
  }

  /// From now on these units, and no others.
  void follow(Collection<UnitName.Placeable> units) {
    followed =
        units.stream()
            .map(unit -> UnitPath.of(unit.text()))
            .collect(Collectors.toCollection(ConcurrentHashMap::newKeySet));
  }

  void alsoFollow(Collection<UnitName.Placeable> units) {
    units.forEach(unit -> followed.add(UnitPath.of(unit.text())));
  }

  private void raise() {
    watchers.forEach(Signal::raise);
  }

  private void raiseFor(String path) {
    if (followed.contains(path)) {
      raise();
    }
  }

  @Override
  public void connected() {
    raise();
  }

  @Override
  public void lost() {
    raise();
  }

  @Override
  public void prepare(Link link) throws InterruptedException {
    String owner = "";
    if (link.bus()) {
      link.handle(
          rule(DBus.NameOwnerChanged.class).withArg0123(0, NAME).build(),
          (DBus.NameOwnerChanged signal) -> {
            if ("org.freedesktop.DBus".equals(signal.getSource()) && signal.name.equals(NAME)) {
              link.drop("systemd has left the bus");
            }
          });
      owner = link.call(Request.ownerOfSystemd(), limit).orThrow().getFirst().toString();
    }
    String source = owner;
    hear(link, source, manager(JobRemoved.class), this::jobRemoved);
    hear(link, source, manager(UnitNew.class), this::unitNew);
    hear(link, source, manager(UnitRemoved.class), this::unitRemoved);
    hear(link, source, manager(Reloading.class), this::reloading);
    hear(
        link,
        source,
        rule(PropertiesChanged.class)
            .withPathNamespace(UnitPath.ROOT)
            .withArg0123(0, NAME + ".Unit")
            .build(),
        this::propertiesChanged);
    others.ask(link, limit);
    observations.signalsMissed();
    var _ = link.call(Request.manager("Subscribe", ""), limit).orThrow();
  }

  private interface Ear<T> {
    void hear(Link link, T signal);
  }

  private static <T extends DBusSignal> void hear(
      Link link, String owner, DBusMatchRule rule, Ear<T> ear) {
    DBusSigHandler<T> handler =
        signal -> {
          if (!link.bus() || owner.equals(signal.getSource())) {
            ear.hear(link, signal);
          }
        };
    link.handle(rule, handler);
  }

  private static DBusMatchRuleBuilder rule(Class<? extends DBusSignal> type) {
    try {
      return DBusMatchRuleBuilder.create().withType(type);
    } catch (DBusException e) {
      throw new IllegalStateException(type + " cannot be matched", e);
    }
  }

  private static DBusMatchRule manager(Class<? extends DBusSignal> type) {
    return rule(type).withPath(MANAGER).build();
  }

  private void jobRemoved(Link link, JobRemoved signal) {
    link.jobs().end(signal.job, JobResult.of(signal.result));
    raiseFor(UnitPath.of(signal.unit));
  }

  private void unitNew(Link link, UnitNew signal) {
    raiseFor(UnitPath.of(signal.unit));
  }

  private void unitRemoved(Link link, UnitRemoved signal) {
    raiseFor(UnitPath.of(signal.unit));
  }

  private void reloading(Link link, Reloading signal) {
    observations.filesChanged();
    if (!signal.begins) {
      raise();
    }
  }

  /// Whatever of the unit has changed, its result may have too.
  private void propertiesChanged(Link link, PropertiesChanged signal) {
    String path = signal.getPath();
    if (followed.contains(path)) {
      observations.unitChanged(path);
      Variant<?> invocation = signal.getPropertiesChanged().get("InvocationID");
      if (invocation != null && invocation.getValue() != null) {
        observations.invocation(path, invocation.getValue());
      }
      raise();
    }
  }
}
