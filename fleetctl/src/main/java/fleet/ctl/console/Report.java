package fleet.ctl.console;

import java.util.ArrayList;
import java.util.List;

/// What one part of the work has to tell, kept until it is that part's turn. For one thread at a
/// time.
public final class Report {

  private enum Kind {
    RESULT,
    COMPLAINT,
    WARNING
  }

  private record Line(Kind kind, String text) {}

  private final List<Line> lines = new ArrayList<>();

  public Report() {}

  /// See [Console#say].
  public void say(String line) {
    lines.add(new Line(Kind.RESULT, line));
  }

  /// See [Console#complain].
  public void complain(String line) {
    lines.add(new Line(Kind.COMPLAINT, line));
  }

  /// See [Log#warn].
  public void warn(String text) {
    lines.add(new Line(Kind.WARNING, text));
  }

  /// Tells it all, in the order in which it came up.
  public void print(Console console, Log log) {
    for (Line line : lines) {
      switch (line.kind()) {
        case RESULT -> console.say(line.text());
        case COMPLAINT -> console.complain(line.text());
        case WARNING -> log.warn(line.text());
      }
    }
  }
}
