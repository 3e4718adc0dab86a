package fleet.ctl.verb;

import java.time.LocalDateTime;
import java.time.ZoneId;

/// Warnings that are no answer to what the user asked, in the form that fleet 1.0 gave them.
final class Log {

  private Log() {}

  static void warn(Invocation invocation, String text) {
    LocalDateTime now = LocalDateTime.ofInstant(invocation.time().now(), ZoneId.systemDefault());
    String date = now.toLocalDate().toString().replace('-', '/');
    String time =
        padded(now.getHour()) + ":" + padded(now.getMinute()) + ":" + padded(now.getSecond());
    invocation.caller().complain(date + " " + time + " WARN fleetctl: " + text);
  }

  private static String padded(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }
}
