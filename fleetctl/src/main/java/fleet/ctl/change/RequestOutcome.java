package fleet.ctl.change;

import fleet.api.client.ApiException;
import fleet.ctl.console.Console;
import fleet.ctl.console.Log;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.wait.Awaited;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What came of the requests for one unit: what there is to tell, kept until it is the unit's turn,
/// and what there is to wait for. For one thread at a time.
final class RequestOutcome {

  private enum Kind {
    RESULT,
    COMPLAINT,
    WARNING
  }

  private record Line(Kind kind, String text) {}

  private final String unit;
  private final List<Line> lines = new ArrayList<>();
  private final List<Awaited> awaited = new ArrayList<>();
  private boolean known = true;
  private Optional<String> refusal = Optional.empty();
  private Optional<String> failure = Optional.empty();

  RequestOutcome(String unit) {
    this.unit = unit;
  }

  /// The API refused what was asked for the unit.
  ///
  /// @throws ApiException if the refusal is about the server, so that any other request is in vain
  static RequestOutcome refused(String unit, ApiException refusal) {
    var outcome = new RequestOutcome(unit);
    outcome.refusal = Optional.of(ErrorText.refusal(refusal));
    outcome.failure = outcome.refusal;
    return outcome;
  }

  /// See [Console#say].
  void say(String line) {
    lines.add(new Line(Kind.RESULT, line));
  }

  /// See [Console#complain].
  void complain(String line) {
    lines.add(new Line(Kind.COMPLAINT, line));
  }

  /// See [Log#warn].
  void warn(String text) {
    lines.add(new Line(Kind.WARNING, text));
  }

  /// The change of the unit has failed.
  ///
  /// @param complaint what to tell of it
  /// @param reason why, for a summary of several units
  void fail(String complaint, String reason) {
    complain(complaint);
    failure = Optional.of(reason);
  }

  /// The cluster knows no such unit.
  void unknown() {
    known = false;
  }

  /// The change of the unit is to be waited for.
  void await(Awaited unit) {
    awaited.add(unit);
  }

  /// Tells it all, in the order in which it came up.
  void print(Console console, Log log) {
    for (Line line : lines) {
      switch (line.kind()) {
        case RESULT -> console.say(line.text());
        case COMPLAINT -> console.complain(line.text());
        case WARNING -> log.warn(line.text());
      }
    }
  }

  String unit() {
    return unit;
  }

  List<Awaited> awaited() {
    return awaited;
  }

  boolean known() {
    return known;
  }

  /// Why the API refused what was asked, which is not among the lines to print.
  Optional<String> refusal() {
    return refusal;
  }

  /// Why the unit is not as it should be, if so much is clear without waiting.
  Optional<String> failure() {
    return failure;
  }
}
