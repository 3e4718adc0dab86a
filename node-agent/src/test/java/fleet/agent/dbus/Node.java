package fleet.agent.dbus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A real machine with a systemd of its own, on this one (`local-cluster/README.md`). It vanishes
/// with this JVM, however that ends.
final class Node {

  private static final long PID = ProcessHandle.current().pid();

  private static final AtomicInteger BOOTED = new AtomicInteger();

  private static final Path TOOL = tool();
  private static final String JAVA = System.getProperty("java.home") + "/bin/java";
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  /// dbus-java reports at length what we let happen on purpose. Held, as the logs are only weakly.
  private static final Logger DBUS_LOG = Logger.getLogger("org.freedesktop.dbus");

  static {
    DBUS_LOG.setLevel(Level.OFF);
  }

  private static final int NETWORKS = 20;

  /// A name and a network that nothing else on this host uses, nor another node of this JVM.
  private final String name;

  private final String network;
  private final long pid;

  private Node(int number) throws IOException, InterruptedException {
    this.name = "d" + Long.toString(PID % 1_000_000, Character.MAX_RADIX) + (char) ('a' + number);
    if (number >= NETWORKS) {
      throw new AssertionError("this JVM has booted " + number + " nodes: make more networks");
    }
    this.network = "10." + (96 + 8 * number + PID / 254 % 8) + "." + (1 + PID % 254);
    cluster("down");
    var up = new ArrayList<>(List.of("up", "1", "--while-alive", Long.toString(PID)));
    for (Path needed : neededByJava()) {
      up.addAll(List.of("--bind-ro", needed + ":" + needed));
    }
    cluster(up.toArray(String[]::new));
    this.pid = Long.parseLong(cluster("pid", "n1").strip());
  }

  static Node boot() throws IOException, InterruptedException {
    return new Node(BOOTED.getAndIncrement());
  }

  /// The root directory of the node, its `/run` included.
  Path root() {
    return Path.of("/proc/" + pid + "/root");
  }

  /// How its systemd is reached from here. Its private socket cannot be: that asks for the PID of
  /// who connects, which we have none of in there.
  DbusOptions options() {
    return new DbusOptions(
        "unix:path=" + root() + "/run/dbus/system_bus_socket",
        Optional.empty(),
        Path.of("/run/fleet/units"),
        root(),
        List.of("journalctl", "--root=" + root()),
        Duration.ofSeconds(60));
  }

  /// Runs a command in the node.
  ///
  /// @return what it has written
  String run(String... command) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("exec", "n1"));
    all.addAll(List.of(command));
    return cluster(all.toArray(String[]::new));
  }

  /// Runs a program of the tests in the node.
  ///
  /// @return what it has written to standard output
  String java(Class<?> program, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", CLASS_PATH, program.getName()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /// Nodes have the files of the host's root file system, and not those of others.
  private static Set<Path> neededByJava() {
    var needed = new TreeSet<Path>(List.of(Path.of(System.getProperty("java.home"))));
    for (String entry : CLASS_PATH.split(":")) {
      needed.add(Path.of(entry));
    }
    return needed;
  }

  /// Sends a signal to the node's process 1, as only its host can.
  void signal(String signal) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("cannot send " + signal + " to process " + pid);
    }
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    while (signal.equals("STOP") && !Files.readString(stat).contains(") T ")) {
      Thread.sleep(1); // a signal takes its time, and who has not got it may answer
    }
  }

  void write(String path, String text) throws IOException {
    Path file = root().resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  void vanish() throws IOException, InterruptedException {
    cluster("down");
  }

  private static Path tool() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path tool = folder.resolve("local-cluster/cluster");
      if (Files.isExecutable(tool)) {
        return tool;
      }
    }
    throw new AssertionError("expected local-cluster/cluster above this module, found none");
  }

  private String cluster(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(TOOL.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLUSTER", name);
    builder.environment().put("CLUSTER_NET", network);
    Path output = Files.createTempFile("fleet-dbus-test", ".txt");
    try {
      // A file, since what stays in the background would hold a pipe open.
      Process process = builder.redirectOutput(output.toFile()).start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new AssertionError(command + " ended with " + process.exitValue() + ": " + text);
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
