package fleet.ctl.console;

import fleet.cluster.env.Environment;
import java.time.LocalDateTime;
import java.time.ZoneId;

/// What is no answer to what the user asked: warnings, and on request what goes on underneath. On
/// the error stream, in the form that fleet 1.0 gave such lines.
public final class Log {

  private final Console console;
  private final Environment time;
  private final boolean detailed;

  /// @param detailed whether to print lines of the level DEBUG too
  public Log(Console console, Environment time, boolean detailed) {
    this.console = console;
    this.time = time;
    this.detailed = detailed;
  }

  /// Whether lines of the level DEBUG are printed.
  public boolean detailed() {
    return detailed;
  }

  public void info(String text) {
    print("INFO", text);
  }

  public void warn(String text) {
    print("WARN", text);
  }

  public void debug(String text) {
    if (detailed) {
      print("DEBUG", text);
    }
  }

  private void print(String level, String text) {
    LocalDateTime now = LocalDateTime.ofInstant(time.now(), ZoneId.systemDefault());
    String date = now.toLocalDate().toString().replace('-', '/');
    String hour =
        padded(now.getHour()) + ":" + padded(now.getMinute()) + ":" + padded(now.getSecond());
    console.complain(date + " " + hour + " " + level + " fleetctl: " + text);
  }

  private static String padded(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }
}
