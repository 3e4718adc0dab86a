package fleet.daemon;

import fleet.agent.Agent;
import fleet.agent.AgentOptions;
import fleet.agent.AgentStatus.Standing;
import fleet.agent.FileMemo;
import fleet.agent.dbus.DbusOptions;
import fleet.agent.dbus.DbusSystemd;
import fleet.agent.systemd.Systemd;
import fleet.api.http.HttpServer;
import fleet.api.service.ApiService;
import fleet.api.service.Availability;
import fleet.cluster.Machine;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Task;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store;
import fleet.daemon.config.Configuration;
import fleet.scheduler.Engine;
import fleet.scheduler.EngineOptions;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// The daemon, put together: the one place that knows what stands behind each port.
///
/// The parts are opened from the inside out (store, systemd, API), run until the process is told to
/// end, and are closed in the reverse order. Units run on.
final class Daemon {

  private static final Logger LOG = System.getLogger(Daemon.class.getName());
  private static final Duration DESCRIBE_AGAIN = Duration.ofMinutes(1);
  private static final long CLOSING_SECONDS = 10;

  private final Configuration configuration;
  private final Environment environment = new SystemEnvironment();
  private final Instant started = environment.now();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Task> tasks = new ArrayList<>();

  private Daemon(Configuration configuration) {
    this.configuration = configuration;
  }

  /// Runs until the process is told to end.
  ///
  /// @return the exit status: 1 if it could not start
  static int run(Configuration configuration) throws InterruptedException {
    // A broken assumption ends the process; systemd starts it again, and units run on.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, broken) -> {
          LOG.log(Level.ERROR, "ended by a broken assumption in " + thread.getName(), broken);
          Runtime.getRuntime().halt(2);
        });
    var daemon = new Daemon(configuration);
    try {
      daemon.start();
    } catch (IOException | LocalMachine.Unidentified | RuntimeException e) {
      LOG.log(Level.ERROR, "cannot start: " + e.getMessage());
      LOG.log(Level.DEBUG, "cannot start", e);
      daemon.close();
      return 1;
    }
    var told = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  told.countDown();
                  awaitEnd(ended);
                },
                "shutdown"));
    ServiceNotification.ready("serving");
    told.await();
    ServiceNotification.stopping();
    daemon.close();
    ended.countDown();
    return 0;
  }

  private static void awaitEnd(CountDownLatch ended) {
    try {
      if (!ended.await(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "not all parts have ended in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start() throws IOException, LocalMachine.Unidentified, InterruptedException {
    configuration.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
    var local = new LocalMachine(Path.of("/"), configuration.agent(), Version.TEXT);
    var id = local.id();
    var self = new AtomicReference<>(local.describe(id));
    fork("machine", () -> describeForever(local, self));

    Store store = Stores.open(configuration.store(), open);
    var keys = new Keyspace(configuration.store().prefix());
    Systemd systemd = opened(DbusSystemd.open(bus()));
    var agent =
        new Agent(
            AgentOptions.DEFAULTS.withTtl(configuration.agent().ttl()),
            environment,
            store,
            keys,
            systemd,
            new FileMemo(configuration.agent().dataDirectory().resolve("assignments"), true),
            new FileMemo(configuration.agent().unitsDirectory().resolveSibling("applied"), false),
            self::get);
    fork("agent", agent::run);

    var engine =
        new Engine(
            new EngineOptions(
                configuration.engine().ttl(),
                configuration.agent().ttl(),
                configuration.engine().reconcileInterval()),
            id,
            environment,
            store,
            keys);
    if (configuration.engine().enabled()) {
      fork("engine", engine::run);
    }

    var service =
        opened(
            new ApiService(
                new Registry(store, keys),
                environment,
                new ApiService.Settings(configuration.api().pageSize(), Version.TEXT),
                () -> availability(agent),
                () -> Metrics.text(engine.status(), agent.status())));
    var server =
        opened(
            HttpServer.start(
                service::handle,
                environment,
                HttpServer.Limits.USUAL,
                ApiSockets.open(configuration.api())));
    LOG.log(
        Level.INFO,
        "serving version={0} machine={1} address={2} store={3} api={4}",
        Version.TEXT,
        id,
        self.get().address(),
        Stores.describe(configuration.store()),
        server.addresses());
  }

  private DbusOptions bus() {
    Path units = configuration.agent().unitsDirectory();
    return configuration.agent().user()
        ? DbusOptions.user(units, System.getenv())
        : DbusOptions.system(units);
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private void fork(String name, Environment.Body body) {
    tasks.add(environment.fork(name, body));
  }

  private void describeForever(LocalMachine local, AtomicReference<Machine> self)
      throws InterruptedException {
    while (true) {
      environment.sleep(DESCRIBE_AGAIN);
      self.set(local.describe(self.get().id()));
    }
  }

  private Availability availability(Agent agent) {
    var status = agent.status();
    if (status.storeAwaySince().isPresent()) {
      return new Availability.Away(status.problem(), status.storeAwaySince().get());
    }
    return status.standing() == Standing.PRESENT
        ? new Availability.Ready()
        : new Availability.Away(
            status.problem().isEmpty() ? "this machine is registering" : status.problem(), started);
  }

  private void close() {
    tasks.forEach(Task::interrupt);
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
