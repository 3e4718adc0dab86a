package fleet.ctl.ssh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The machine that this process runs on.
///
/// Whatever was started, and the folder, are cleared away when the process ends, also by SIGINT,
/// SIGTERM and SIGHUP.
public final class ThisMachine implements LocalMachine {

  private static final Path MACHINE_ID = Path.of("/etc/machine-id");
  private static final Path TERMINAL = Path.of("/dev/tty");
  private static final int GRACE_SECONDS = 2;

  private final Object lock = new Object();
  private final List<Process> running = new ArrayList<>();
  private @Nullable Path folder;
  private boolean hooked;
  private volatile boolean ending;

  public ThisMachine() {}

  @Override
  public String id() {
    try {
      return Files.readString(MACHINE_ID).strip();
    } catch (IOException e) {
      return "";
    }
  }

  // Error Prone thinks that there always is one; since Java 25 there is none without a terminal.
  @Override
  @SuppressWarnings("SystemConsoleNull")
  public boolean interactive() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  @Override
  public Path folder() {
    synchronized (lock) {
      Path made = folder;
      if (made == null) {
        endWithProcess();
        try {
          made = Files.createTempDirectory("fleetctl");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        folder = made;
      }
      return made;
    }
  }

  @Override
  public int run(List<String> command) throws InterruptedException {
    Process process = start(command, Redirect.INHERIT);
    process.waitFor();
    return status(process);
  }

  @Override
  public Running start(List<String> command) {
    return new Started(start(command, Redirect.PIPE));
  }

  private Process start(List<String> command, Redirect output) {
    var builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.INHERIT)
            .redirectOutput(output)
            .redirectError(Redirect.INHERIT);
    // ssh has the user's shell run what we give it to run here, which is written for this one.
    builder.environment().put("SHELL", "/bin/sh");
    answerHostKeyQuestions(builder.environment());
    synchronized (lock) {
      endWithProcess();
      try {
        Process process = builder.start();
        running.add(process);
        return process;
      } catch (IOException e) {
        throw new NoSuchProgram(command.getFirst(), e);
      }
    }
  }

  /// Where there is no terminal to ask at, ssh asks a program: ours asks as fleet 1.0 did, on the
  /// error stream and standard input, so that `echo yes | fleetctl ssh …` works as it did.
  private static void answerHostKeyQuestions(Map<String, String> variables) {
    String helper = System.getProperty("fleet.askpass", "");
    if (helper.isEmpty() || variables.containsKey("SSH_ASKPASS")) {
      return;
    }
    try (var _ = Files.newInputStream(TERMINAL)) {
      return;
    } catch (IOException e) {
      variables.put("SSH_ASKPASS", helper);
      variables.put("SSH_ASKPASS_REQUIRE", "force");
    }
  }

  /// The exit status of a program that has ended. Does not return if we are being ended, and so was
  /// it: there is nothing to tell.
  private int status(Process process) {
    synchronized (lock) {
      running.remove(process);
    }
    while (ending) {
      LockSupport.park(this);
    }
    return process.exitValue();
  }

  private void endWithProcess() {
    if (!hooked) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::clear, "clear away"));
      hooked = true;
    }
  }

  private void clear() {
    ending = true;
    synchronized (lock) {
      for (Process process : running.reversed()) { // what uses a tunnel before the tunnel
        end(process);
      }
      Path made = folder;
      if (made != null) {
        delete(made);
      }
    }
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // Somebody else has cleared away. What is left, is empty and in a folder that is cleared.
    }
  }

  private final class Started implements Running {

    private final Process process;
    private final BufferedReader lines;

    Started(Process process) {
      this.process = process;
      this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<String> nextLine() {
      try {
        return Optional.ofNullable(lines.readLine());
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    @Override
    public int status() {
      process.onExit().join();
      return ThisMachine.this.status(process);
    }

    @Override
    public void close() {
      end(process);
      synchronized (lock) {
        running.remove(process);
      }
    }
  }
}
