package fleet.store.etcd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real etcd on loopback, with its data in a directory of its own, that can be stopped, started
/// again, and suspended.
public final class RealEtcd implements AutoCloseable {

  private static final Path ETCD = Path.of("/usr/bin/etcd");
  private static final Path ETCDCTL = Path.of("/usr/bin/etcdctl");
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration COMMAND = Duration.ofSeconds(20);

  private final Path directory;
  private final String scheme;
  private final int clientPort;
  private final int peerPort;
  private final List<String> flags;
  private final List<String> ctlFlags;
  private @Nullable Process process;

  private RealEtcd(Path directory, String scheme, List<String> flags, List<String> ctlFlags)
      throws IOException {
    this.directory = directory;
    this.scheme = scheme;
    this.flags = flags;
    this.ctlFlags = ctlFlags;
    try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.clientPort = one.getLocalPort();
      this.peerPort = two.getLocalPort();
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::kill));
  }

  /// Starts an etcd that anyone may use, and waits until it serves.
  public static RealEtcd start() throws IOException, InterruptedException {
    return start("http", List.of(), List.of());
  }

  /// Starts an etcd with more flags.
  ///
  /// @param scheme `http` or `https`
  /// @param ctlFlags what `etcdctl` needs to reach it
  public static RealEtcd start(String scheme, List<String> flags, List<String> ctlFlags)
      throws IOException, InterruptedException {
    for (Path program : List.of(ETCD, ETCDCTL)) {
      if (!Files.isExecutable(program)) {
        throw new AssertionError(
            program + " is missing: apt-get install etcd-server etcd-client (or ./check)");
      }
    }
    var etcd = new RealEtcd(Files.createTempDirectory("fleet-etcd"), scheme, flags, ctlFlags);
    etcd.startAgain();
    return etcd;
  }

  public URI endpoint() {
    return URI.create(scheme + "://127.0.0.1:" + clientPort);
  }

  /// Starts it, on the ports and data that it had, and waits until it serves.
  public void startAgain() throws IOException, InterruptedException {
    begin();
    long end = System.nanoTime() + START.toNanos();
    while (!isHealthy()) {
      if (System.nanoTime() > end || !running().isAlive()) {
        throw new AssertionError("etcd does not start: " + Files.readString(log()));
      }
    }
  }

  /// Starts it, and does not wait.
  public void begin() throws IOException {
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                ETCD.toString(),
                "--name=one",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=one=" + peer,
                "--logger=zap",
                "--log-level=warn"));
    command.addAll(flags);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
  }

  private Path log() {
    return directory.resolve("log");
  }

  private boolean isHealthy() throws IOException, InterruptedException {
    return ctlProcess(List.of("endpoint", "health")).waitFor() == 0;
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
    Process ctl = ctlProcess(List.of(arguments));
    String output = new String(ctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!ctl.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS) || ctl.exitValue() != 0) {
      throw new AssertionError("etcdctl " + String.join(" ", arguments) + ": " + output);
    }
    return output;
  }

  private Process ctlProcess(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(ETCDCTL.toString(), "--endpoints=" + endpoint()));
    command.addAll(ctlFlags);
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    return builder.start();
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

  /// Stops its clock: connections stay, and nothing answers.
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
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

  /// Ends it and removes its data.
  @Override
  public void close() throws IOException {
    kill();
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
