package fleet.daemon;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Sends the log to standard error: one event one line, with a priority for the journal.
///
/// Under systemd each line begins with `<3>` and the like, which the journal takes for the priority
/// (sd-daemon(3)); elsewhere it begins with the level's name. The journal adds the time.
final class Logging {

  private Logging() {}

  /// Installs this log for the whole process.
  ///
  /// @param journal whether standard error is read by the journal
  static void configure(boolean journal) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new Lines(System.err, journal));
    root.setLevel(Level.WARNING);
    // It tells at length what our own connection to the bus says in a line.
    DBUS.setLevel(Level.OFF);
    verbose(false);
  }

  /// @param debug whether to log what nothing came of, too
  static void verbose(boolean debug) {
    OURS.setLevel(debug ? Level.FINE : Level.INFO);
  }

  // Kept from being collected by the log manager, which holds loggers weakly.
  private static final Logger OURS = Logger.getLogger("fleet");
  private static final Logger DBUS = Logger.getLogger("org.freedesktop.dbus");

  /// Our classes of signals log under their own names what dbus-java does with them.
  private static final String DBUS_SIGNALS = "fleet.agent.dbus.SystemdSignals$";

  private static final class Lines extends Handler {
    private final PrintStream out;
    private final boolean journal;

    Lines(PrintStream out, boolean journal) {
      this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
      this.journal = journal;
      setLevel(Level.ALL);
      setFilter(record -> !String.valueOf(record.getLoggerName()).startsWith(DBUS_SIGNALS));
    }

    @Override
    public void publish(LogRecord record) {
      if (!isLoggable(record)) {
        return;
      }
      String start = journal ? "<" + priority(record.getLevel()) + ">" : word(record.getLevel());
      var line = new StringBuilder(start).append(oneLine(format(record)));
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        trace.toString().lines().forEach(each -> line.append('\n').append(start).append(each));
      }
      out.println(line);
    }

    private static String format(LogRecord record) {
      Object[] parameters = record.getParameters();
      String message = String.valueOf(record.getMessage());
      return parameters == null || parameters.length == 0
          ? message
          : java.text.MessageFormat.format(message, parameters);
    }

    private static String oneLine(String message) {
      return message.replace("\n", "\\n");
    }

    private static int priority(Level level) {
      int value = level.intValue();
      if (value >= Level.SEVERE.intValue()) {
        return 3;
      }
      if (value >= Level.WARNING.intValue()) {
        return 4;
      }
      return value >= Level.INFO.intValue() ? 6 : 7;
    }

    private static String word(Level level) {
      return switch (priority(level)) {
        case 3 -> "ERROR ";
        case 4 -> "WARNING ";
        case 6 -> "INFO ";
        default -> "DEBUG ";
      };
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      flush();
    }
  }
}
