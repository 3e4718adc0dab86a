package fleet.benchmarks;

import fleet.api.TestCluster;
import fleet.api.client.Endpoint;
import fleet.api.client.FleetClient;
import fleet.api.client.TlsFiles;
import fleet.api.http.HttpServer;
import fleet.api.http.ListenAddress;
import fleet.api.http.Listener;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.SystemEnvironment;
import fleet.unit.UnitName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// How long lists of a large cluster take: at first, when nobody has asked for a while, and then.
/// Prints a table in Markdown. `bench/lists` runs it with the options of the daemon's own Java.
final class ListBenchmark {

  private static final int MACHINES = 100;

  private static final String FILE =
      """
      [Unit]
      Description=Web %i
      After=network.target

      [Service]
      ExecStartPre=/bin/true
      ExecStart=/usr/bin/web --port=%i
      Restart=always

      [X-Fleet]
      Conflicts=db@*.service
      """;

  private ListBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int units = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    var environment = new SystemEnvironment();
    Path directory = Files.createTempDirectory("fleet-lists");
    Path socket = directory.resolve("fleet.sock");
    try (var cluster = new TestCluster(environment, 100)) {
      fill(cluster, units);
      try (var server =
              HttpServer.start(
                  cluster.service()::handle,
                  environment,
                  HttpServer.Limits.USUAL,
                  List.of(Listener.on(new ListenAddress.Unix(socket))));
          var client =
              new FleetClient(Endpoint.parse("unix://" + socket).orElseThrow(), TlsFiles.NONE)) {
        System.out.println("serving " + server.addresses());
        System.out.println("| list | items | ms | ms of processor time |\n|---|---|---|---|");
        if (arguments.length > 1) {
          Thread.sleep(Long.parseLong(arguments[1]) * 1000);
        }
        Thread storm = Thread.startVirtualThread(() -> {});
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        for (int round = 0; round < rounds; round++) {
          boolean stormy = round > 2;
          String when = round == 0 ? ", at first" : stormy ? ", in a storm of changes" : "";
          time("units" + when, () -> client.units().size());
          time("states" + when, () -> client.states().size());
          time("machines" + when, () -> client.machines().size());
          time("one unit" + when, () -> client.unit("web@7.service").isPresent() ? 1 : 0);
          if (round == 2) {
            storm = churn(cluster);
          }
        }
        storm.interrupt();
        storm.join();
      }
    } finally {
      Files.deleteIfExists(socket);
      Files.delete(directory);
    }
    System.exit(0);
  }

  private static Thread churn(TestCluster cluster) {
    return Thread.startVirtualThread(
        () -> {
          try {
            while (true) {
              cluster.report("machine1", "web@1.service", state("running"));
              Thread.sleep(2);
              cluster.report("machine1", "web@1.service", state("start"));
              Thread.sleep(2);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private interface Call {
    int call() throws Exception;
  }

  private static void time(String what, Call call) throws Exception {
    long start = System.nanoTime();
    Duration before = processorTime();
    int count = call.call();
    System.out.printf(
        "| %s | %d | %d | %d |%n",
        what,
        count,
        (System.nanoTime() - start) / 1_000_000,
        processorTime().minus(before).toMillis());
  }

  /// Of this whole process, the client included: a busy machine changes it little.
  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private static UnitState state(String sub) {
    return new UnitState(
        TargetState.LAUNCHED,
        0,
        "loaded",
        "active",
        sub,
        Optional.empty(),
        "success",
        "",
        List.of());
  }

  private static void fill(TestCluster cluster, int units) throws InterruptedException {
    for (int m = 0; m < MACHINES; m++) {
      cluster.machine("machine" + m, "10.0.0." + m, new TreeMap<>());
    }
    for (int u = 0; u < units; u++) {
      String name = "web@" + u + ".service";
      String machine = "machine" + u % MACHINES;
      cluster
          .registry()
          .create(
              DesiredUnit.of(
                  UnitName.parse(name).orElseThrow(),
                  TestCluster.file(FILE),
                  TargetState.LAUNCHED,
                  Restarts.NONE));
      cluster.assign(machine, name);
      cluster.report(machine, name, state("running"));
    }
  }
}
