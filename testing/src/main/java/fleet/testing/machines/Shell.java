package fleet.testing.machines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs programs of the host, and reads what they print.
public final class Shell {

  /// The status of a program that was killed as it took too long.
  public static final int TOO_LONG = -1;

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Shell() {}

  /// What a program left behind.
  public record Output(List<String> command, int status, String out, String err) {

    /// What it printed, without blank space around it.
    ///
    /// @throws AssertionError if it failed
    public String orFail() {
      if (status != 0) {
        throw new AssertionError(
            String.join(" ", command) + " exited with " + status + "\n" + out + err);
      }
      return out.strip();
    }

    /// Both its streams.
    public String all() {
      return out + err;
    }
  }

  public static Output run(Map<String, String> environment, String input, List<String> command)
      throws InterruptedException {
    Output output = run(environment, input, command, LIMIT);
    if (output.status() == TOO_LONG) {
      throw new AssertionError(
          String.join(" ", command) + " does not end; so far it printed\n" + output.all());
    }
    return output;
  }

  /// The same for a program that may take too long: then it is killed, and its status is
  /// [#TOO_LONG].
  public static Output run(
      Map<String, String> environment, String input, List<String> command, Duration limit)
      throws InterruptedException {
    try {
      Path out = Files.createTempFile("fleet-out", null);
      Path err = Files.createTempFile("fleet-err", null);
      try {
        var builder =
            new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          // It did not read all of it. Its status says whether that matters.
        }
        int status = TOO_LONG;
        if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          status = process.exitValue();
        } else {
          process.destroyForcibly();
        }
        return new Output(command, status, Files.readString(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    }
  }
}
