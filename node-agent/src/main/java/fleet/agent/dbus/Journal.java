package fleet.agent.dbus;

import fleet.unit.UnitName;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Reads the journal by journalctl(1), in a process that lives for some tens of milliseconds.
///
/// The journal's own library would cost this process more memory than it is worth for what is read
/// seldom; and whatever is wrong with a journal, the process that reads it can be ended.
final class Journal {

  private static final Logger LOG = System.getLogger(Journal.class.getName());

  private static final File NOTHING = new File("/dev/null");

  /// More than anybody reads of a few lines.
  private static final int MOST_BYTES = 1024 * 1024;

  private final List<String> journalctl;
  private final Duration limit;

  /// @param journalctl the command that prints this machine's journal, as far as its options
  /// @param limit after which it is ended
  Journal(List<String> journalctl, Duration limit) {
    this.journalctl = List.copyOf(journalctl);
    this.limit = limit;
  }

  /// The last lines of a unit, the newest last; none if they cannot be read.
  List<String> lastLines(UnitName.Placeable unit, int most) throws InterruptedException {
    var command = new ArrayList<>(journalctl);
    command.addAll(List.of("--no-pager", "--quiet", "--boot", "--output=cat"));
    command.addAll(List.of("--lines=" + most, "--unit=" + unit));
    try {
      List<String> lines = printed(command).lines().toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "cannot read the journal of " + unit + ": " + e.getMessage());
      return List.of();
    }
  }

  private String printed(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(NOTHING))
            .redirectError(Redirect.DISCARD)
            .start();
    Thread guard = Thread.ofVirtual().name("end of journalctl").start(() -> endInTime(process));
    try (InputStream output = process.getInputStream()) {
      return new String(output.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
      guard.join();
    }
  }

  private void endInTime(Process process) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
