package fleet.store.served;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Debian's etcdctl.
final class Etcdctl {

  private static final Path PROGRAM = Path.of("/usr/bin/etcdctl");
  private static final int LIMIT_SECONDS = 30;

  private final List<String> command;

  Etcdctl(URI endpoint, String... options) {
    if (!Files.isExecutable(PROGRAM)) {
      throw new AssertionError(PROGRAM + " is missing: apt-get install etcd-client");
    }
    this.command = new ArrayList<>(List.of(PROGRAM.toString(), "--endpoints=" + endpoint));
    this.command.addAll(List.of(options));
  }

  /// What came of a command.
  record Result(int exit, String output) {}

  private Process begin(String... arguments) throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(arguments));
    var builder = new ProcessBuilder(whole).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    return builder.start();
  }

  Result tryRun(String input, String... arguments) throws IOException, InterruptedException {
    Process process = begin(arguments);
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  /// Runs a command that succeeds.
  String run(String... arguments) throws IOException, InterruptedException {
    Result result = tryRun("", arguments);
    if (result.exit != 0) {
      throw new AssertionError(List.of(arguments) + ": " + result);
    }
    return result.output;
  }

  /// Runs a command that goes on until it is ended, and takes its first lines.
  Following follow(String... arguments) throws IOException {
    return new Following(begin(arguments));
  }

  /// A command that goes on.
  static final class Following implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    Following(Process process) {
      this.process = process;
      this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    List<String> take(int count) throws IOException {
      List<String> taken = new ArrayList<>();
      while (taken.size() < count) {
        String line = lines.readLine();
        if (line == null) {
          throw new AssertionError("it ended after " + taken);
        }
        taken.add(line);
      }
      return taken;
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }
  }
}
