package fleet.store.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real etcd on loopback, with its data in a directory of its own, that can be stopped, started
/// again, and suspended.
public final class RealEtcd implements AutoCloseable {

  private static final Path ETCD = Path.of("/usr/bin/etcd");
  private static final Path ETCDCTL = Path.of("/usr/bin/etcdctl");
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final String name;
  private final String scheme;
  private final List<String> flags;
  private final Path directory;
  private final int clientPort = freePort();
  private final int peerPort = freePort();
  private final int healthPort = freePort();
  private String members;
  private @Nullable Process process;

  private RealEtcd(String name, String scheme, List<String> flags) throws IOException {
    for (Path program : List.of(ETCD, ETCDCTL)) {
      if (!Files.isExecutable(program)) {
        throw new AssertionError(
            program + " is missing: apt-get install etcd-server etcd-client (./check does)");
      }
    }
    this.name = name;
    this.scheme = scheme;
    this.flags = flags;
    this.directory = Files.createTempDirectory("fleet-etcd");
    this.members = member();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::kill));
  }

  /// A port below those that the kernel gives to whoever connects to somebody (32768 and up): so it
  /// is still free when etcd is started again.
  private static int freePort() throws IOException {
    IOException taken = new IOException("no port was tried");
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException inUse) {
        taken = inUse;
      }
    }
    throw taken;
  }

  /// Starts an etcd that anyone may use, and waits until it serves.
  public static RealEtcd start() throws IOException, InterruptedException {
    return start("http", List.of());
  }

  /// Starts an etcd and waits until it serves.
  ///
  /// @param scheme `http` or `https`
  /// @param flags more options of etcd
  public static RealEtcd start(String scheme, List<String> flags)
      throws IOException, InterruptedException {
    var etcd = new RealEtcd("one", scheme, flags);
    etcd.startAgain();
    return etcd;
  }

  /// Starts several that are one store, and waits until they serve.
  public static List<RealEtcd> startCluster(String... names)
      throws IOException, InterruptedException {
    List<RealEtcd> cluster = new ArrayList<>();
    for (String name : names) {
      cluster.add(new RealEtcd(name, "http", List.of()));
    }
    String members = cluster.stream().map(RealEtcd::member).collect(Collectors.joining(","));
    for (RealEtcd etcd : cluster) {
      etcd.members = members;
      etcd.begin();
    }
    for (RealEtcd etcd : cluster) {
      etcd.awaitHealth();
    }
    return List.copyOf(cluster);
  }

  public URI endpoint() {
    return URI.create(scheme + "://127.0.0.1:" + clientPort);
  }

  private String peer() {
    return "http://127.0.0.1:" + peerPort;
  }

  private String member() {
    return name + "=" + peer();
  }

  private URI health() {
    return URI.create("http://127.0.0.1:" + healthPort);
  }

  /// Starts it, on the ports and data that it had, and waits until it serves.
  public void startAgain() throws IOException, InterruptedException {
    begin();
    awaitHealth();
  }

  /// Starts it, and does not wait.
  public void begin() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ETCD.toString(),
                "--name=" + name,
                "--data-dir=" + data(),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer(),
                "--initial-advertise-peer-urls=" + peer(),
                "--initial-cluster=" + members,
                "--listen-metrics-urls=" + health(),
                "--logger=zap",
                "--log-level=warn"));
    command.addAll(flags);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Path log() {
    return directory.resolve("log");
  }

  private void awaitHealth() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!isHealthy()) {
      if (System.nanoTime() > end || !running().isAlive()) {
        throw new AssertionError("etcd does not start: " + Files.readString(log()));
      }
      Thread.sleep(PAUSE);
    }
  }

  private boolean isHealthy() {
    try (InputStream answer = health().resolve("/health").toURL().openStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8).contains("true");
    } catch (IOException notYet) {
      return false;
    }
  }

  private Process running() {
    Process now = process;
    if (now == null) {
      throw new IllegalStateException("etcd has not been started");
    }
    return now;
  }

  /// Runs `etcdctl` and returns what it prints.
  public String ctl(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(ETCDCTL.toString(), "--endpoints=" + endpoint()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    Process ctl = builder.start();
    String output = new String(ctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!ctl.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS) || ctl.exitValue() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  /// Asks it to stop, and waits until it has.
  public void stop() throws InterruptedException {
    running().destroy();
    running().waitFor();
  }

  /// Ends it as a loss of power would.
  public void kill() {
    Process now = process;
    if (now != null) {
      now.destroyForcibly();
      now.onExit().join();
    }
  }

  /// Stops its clock: connections stay, and nothing answers. A signal takes its time to come to all
  /// threads, and one that it has not come to yet may answer.
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
    Path tasks = Path.of("/proc", Long.toString(running().pid()), "task");
    while (!allStand(tasks)) {
      Thread.sleep(1);
    }
  }

  private static boolean allStand(Path tasks) throws IOException {
    try (Stream<Path> all = Files.list(tasks)) {
      for (Path task : all.toList()) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException ended) {
      return false; // a thread that has ended meanwhile
    }
  }

  /// Lets a suspended one go on.
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(running().pid());
    int exit = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new AssertionError("kill -" + name + " " + pid + " exited with " + exit);
    }
  }

  /// Removes its data while it is stopped.
  public void wipe() throws IOException {
    remove(data());
  }

  private static void remove(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  /// Ends it and removes its data.
  @Override
  public void close() throws IOException {
    kill();
    remove(directory);
  }
}
