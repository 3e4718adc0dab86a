package fleet.daemon;

import fleet.agent.Agent;
import fleet.agent.AgentReport;
import fleet.agent.dbus.DbusOptions;
import fleet.agent.dbus.DbusSystemd;
import fleet.agent.disk.FileText;
import fleet.agent.pace.AgentOptions;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.api.DaemonState;
import fleet.api.RunResource;
import fleet.api.UnitStateResource;
import fleet.api.http.HttpServer;
import fleet.api.service.ApiService;
import fleet.api.service.Availability;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Spans;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store;
import fleet.daemon.ProcessSignals.Told;
import fleet.daemon.config.Configuration;
import fleet.daemon.config.Reload;
import fleet.scheduler.lead.Engine;
import fleet.scheduler.lead.EngineOptions;
import fleet.unit.Parsed;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The daemon, put together: the one place that knows what stands behind each port.
///
/// The parts are opened from the inside out (store, systemd, API), run until the process is told to
/// end, and are closed in the reverse order. What becomes of the units then is for
/// [ShutdownDecision] to say.
final class Daemon {

  private static final Logger LOG = System.getLogger(Daemon.class.getName());
  private static final Duration DESCRIBE_AGAIN = Duration.ofMinutes(1);

  /// How long to put off all else for it: as long as a store that is there takes to answer.
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);

  /// How long units may take to stop when the machine leaves: ten seconds more than systemd gives
  /// them (`DefaultTimeoutStopSec=`), after which it has killed them.
  private static final Duration LEAVING = Duration.ofSeconds(100);

  private final ConfigurationFile file;
  private final ProcessSignals signals;
  private final Environment environment;
  private final Tasks tasks;
  private final Instant started;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final MachineId id;
  private final Signal describe;
  private final DbusSystemd systemd;
  private final Agent agent;
  private final Engine engine;

  private volatile Configuration configuration;
  private volatile Machine self;
  private volatile Optional<Instant> endingSince = Optional.empty();
  private Optional<Tasks.Running> leading = Optional.empty();

  /// Runs until the process is told to end.
  ///
  /// @return the exit status: 1 if it could not start
  static int run(ConfigurationFile file, Configuration configuration) throws InterruptedException {
    return run(file, configuration, new SystemEnvironment());
  }

  static int run(ConfigurationFile file, Configuration configuration, Environment environment)
      throws InterruptedException {
    // A broken assumption ends the process; systemd starts it again, and units run on.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, broken) -> {
          LOG.log(Level.ERROR, "ended by a broken assumption in " + thread.getName(), broken);
          Runtime.getRuntime().halt(2);
        });
    try {
      new Daemon(file, configuration, environment).serve();
      return 0;
    } catch (IOException | MachineDescription.Unidentified | RuntimeException e) {
      LOG.log(Level.ERROR, "cannot start: " + e.getMessage());
      LOG.log(Level.DEBUG, "cannot start", e);
      return 1;
    }
  }

  private Daemon(ConfigurationFile file, Configuration configuration, Environment environment)
      throws IOException, MachineDescription.Unidentified, InterruptedException {
    this.environment = environment;
    this.tasks = new Tasks(environment);
    this.started = environment.now();
    this.file = file;
    this.configuration = configuration;
    configuration.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
    this.id = local().id();
    this.self = local().describe(id);
    this.describe = environment.signal("machine");
    boolean made = false;
    try {
      var store = metered(Stores.open(configuration.store(), open));
      var keys = new Keyspace(configuration.store().prefix());
      var registry = new Registry(store, keys);
      var alive = tasks.fork("sign of life", () -> SignOfLife.give(store, registry, self));
      this.signals = ProcessSignals.take();
      alive.await(SIGN_OF_LIFE);
      this.systemd = opened(DbusSystemd.open(bus()));
      this.agent = agent(store, keys);
      this.engine = engine(store, registry);
      HttpServer server = serve(store, registry);
      made = true;
      LOG.log(
          Level.INFO,
          "serving version={0} machine={1} address={2} store={3} api={4}",
          Version.TEXT,
          id,
          self.address(),
          Stores.describe(configuration.store()),
          server.addresses());
    } finally {
      if (!made) {
        close();
      }
    }
  }

  private MeteredStore metered(Store store) {
    return new MeteredStore(store, environment, Stores.unwritableSince(store));
  }

  private MachineDescription local() {
    return new MachineDescription(Path.of("/"), configuration.agent(), Version.TEXT);
  }

  private DbusOptions bus() {
    Path units = configuration.agent().unitsDirectory();
    return configuration.agent().user()
        ? DbusOptions.user(units, System.getenv())
        : DbusOptions.system(units);
  }

  private Agent agent(Store store, Keyspace keys) {
    var made =
        new Agent(
            AgentOptions.DEFAULTS.withTtl(configuration.agent().ttl()),
            environment,
            store,
            keys,
            systemd,
            new FileText(configuration.agent().dataDirectory().resolve("assignments"), true),
            new FileText(configuration.agent().unitsDirectory().resolveSibling("applied"), false),
            () -> self);
    tasks.forkForGood("agent", made::run);
    tasks.forkForGood("machine", this::describeForever);
    return made;
  }

  private Engine engine(Store store, Registry registry) {
    var made =
        new Engine(
            new EngineOptions(
                configuration.engine().ttl(),
                configuration.agent().ttl(),
                configuration.engine().reconcileInterval(),
                configuration.engine().evictShare()),
            id,
            environment,
            store,
            registry);
    if (configuration.engine().enabled()) {
      leading = Optional.of(tasks.forkForGood("engine", made::run));
    }
    return made;
  }

  private HttpServer serve(MeteredStore store, Registry registry) throws IOException {
    var service =
        opened(
            new ApiService(
                registry,
                environment,
                () -> new ApiService.Settings(configuration.api().pageSize(), Version.TEXT),
                this::availability,
                () -> Metrics.text(started, engine.status(), agent.status(), store)));
    return opened(
        HttpServer.start(
            service::handle,
            environment,
            HttpServer.Limits.USUAL,
            ApiSockets.open(configuration.api())));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private void describeForever() throws InterruptedException {
    while (true) {
      describe.await(DESCRIBE_AGAIN);
      self = local().describe(id);
    }
  }

  private Availability availability() {
    if (endingSince.isPresent()) {
      return new Availability.Away("this machine is leaving the cluster", endingSince.get());
    }
    var status = agent.status();
    if (status.storeAwaySince().isPresent()) {
      return new Availability.Away(status.problem(), status.storeAwaySince().get());
    }
    return status.standing() == Standing.PRESENT
        ? new Availability.Ready()
        : new Availability.Away(
            status.problem().isEmpty() ? "this machine is registering" : status.problem(), started);
  }

  /// Does what the process is told, until that is to end.
  private void serve() throws InterruptedException {
    try {
      ServiceNotification.ready("serving");
      for (Told told; (told = signals.next()) != Told.END; ) {
        switch (told) {
          case RELOAD -> reload();
          case SHOW -> show();
          case END -> throw new AssertionError("the loop ends before");
        }
      }
      end();
    } finally {
      close();
    }
  }

  /// Takes over what can change while the daemon runs, and says what cannot.
  private void reload() throws InterruptedException {
    LOG.log(Level.INFO, "Reloading configuration from {0}", file.path());
    switch (file.read()) {
      case Parsed.Malformed<Configuration>(var problems) ->
          problems
              .lines()
              .forEach(problem -> LOG.log(Level.ERROR, "the old configuration stays: " + problem));
      case Parsed.Ok<Configuration>(var next) -> {
        Reload reload = Reload.of(configuration, next);
        next.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        take(reload.configuration());
        reload.changes().forEach(Daemon::log);
        if (reload.changes().isEmpty()) {
          LOG.log(Level.INFO, "reloaded: nothing is different");
        }
      }
    }
  }

  private void take(Configuration next) throws InterruptedException {
    configuration = next;
    Logging.verbose(next.debug());
    describe.raise();
    if (next.engine().enabled() && leading.isEmpty()) {
      leading = Optional.of(tasks.forkForGood("engine", engine::run));
    } else if (!next.engine().enabled()) {
      abdicate();
    }
  }

  private static void log(Reload.Change change) {
    LOG.log(
        change.applied() ? Level.INFO : Level.WARNING,
        "{0} key={1} before=\"{2}\" after=\"{3}\"",
        change.applied() ? "reloaded" : "takes a restart, and stays as it was:",
        change.key(),
        change.before(),
        change.after());
  }

  /// Writes what fleet v1 wrote, in one line.
  private void show() {
    AgentReport report = agent.report();
    var targets = new TreeMap<String, String>();
    report.targets().forEach((unit, target) -> targets.put(unit.text(), target.text()));
    System.out.println(
        new DaemonState(targets, shown(report.states()), shown(report.pending())).json());
  }

  private SortedMap<String, UnitStateResource> shown(
      SortedMap<UnitName.Placeable, UnitState> states) {
    var shown = new TreeMap<String, UnitStateResource>();
    states.forEach(
        (unit, state) ->
            shown.put(
                unit.text(),
                new UnitStateResource(
                    unit.text(),
                    state.hash().map(UnitHash::text).orElse(""),
                    id.text(),
                    state.load(),
                    state.active(),
                    state.sub(),
                    RunResource.NONE)));
    return shown;
  }

  /// Ends the engine; if it leads, the next one leads at once.
  private void abdicate() throws InterruptedException {
    if (leading.isPresent()) {
      leading.get().end();
      leading = Optional.empty();
    }
  }

  private void end() throws InterruptedException {
    ShutdownDecision decision =
        ShutdownDecision.of(systemd.managerOf(ProcessHandle.current().pid()));
    switch (decision) {
      case ShutdownDecision.Stay(var reason) -> {
        LOG.log(Level.INFO, "ending; units run on. reason=\"{0}\"", reason);
        ServiceNotification.stopping("ending; units run on", Duration.ZERO);
        abdicate();
      }
      case ShutdownDecision.Leave(var reason) -> {
        LOG.log(
            Level.INFO,
            "leaving the cluster: stopping all units here, for {0} at most. reason=\"{1}\"",
            Spans.text(LEAVING),
            reason);
        endingSince = Optional.of(environment.now());
        ServiceNotification.stopping("leaving the cluster: stopping all units", LEAVING);
        abdicate();
        leave();
      }
    }
  }

  /// Leaves, unless the process is told to end once more.
  private void leave() throws InterruptedException {
    Thread leaving = Thread.currentThread();
    var impatience =
        environment.fork(
            "impatience",
            () -> {
              while (signals.next() != Told.END) {
                // Nothing else is of any use now.
              }
              leaving.interrupt();
            });
    try {
      agent.leave(LEAVING);
    } catch (InterruptedException e) {
      LOG.log(Level.WARNING, "told to end once more: units that have not stopped yet go on");
    } finally {
      impatience.interrupt();
    }
  }

  private void close() throws InterruptedException {
    tasks.end();
    for (AutoCloseable part; (part = open.poll()) != null; ) {
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "could not be closed: " + part, e);
      }
    }
  }
}
