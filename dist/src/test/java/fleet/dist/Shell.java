package fleet.dist;

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
final class Shell {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Shell() {}

  /// What a program left behind.
  record Output(List<String> command, int status, String out, String err) {

    /// What it printed, without blank space around it.
    ///
    /// @throws AssertionError if it failed
    String orFail() {
      if (status != 0) {
        throw new AssertionError(
            String.join(" ", command) + " exited with " + status + "\n" + out + err);
      }
      return out.strip();
    }

    /// Both its streams.
    String all() {
      return out + err;
    }
  }

  static Output run(Map<String, String> environment, String input, List<String> command)
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
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              String.join(" ", command)
                  + " does not end; so far it printed\n"
                  + Files.readString(out)
                  + Files.readString(err));
        }
        return new Output(
            command, process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    }
  }
}
