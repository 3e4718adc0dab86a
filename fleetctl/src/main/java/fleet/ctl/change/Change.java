package fleet.ctl.change;

import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.console.Log;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests;
import fleet.ctl.remote.ParallelRequests.Unfinished;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.ctl.wait.Waiter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Carries out a change of units, whichever it is: sends a request for each, several at a time,
/// tells what came of each in the order in which they were given, and waits for what has begun.
///
/// One unit's failure is no other's: all are tried. Once the API does not answer, nothing more is
/// begun, and what is not done is named; what has begun is waited for all the same.
///
/// @param <T> what a request is sent for: most often a unit
final class Change<T> {

  /// What a verb asks of the API.
  interface Request<T> {

    /// The unit that is changed.
    String unit(T item);

    /// What people call the item. It is asked for on the thread that carries out the change.
    default String name(T item) {
      return unit(item);
    }

    /// Asks for the change of one item, and notes what came of it. On any thread.
    ///
    /// @throws ApiException if the API refuses it, which is told in the words of the change
    /// @throws ClientException if it is vain to go on with any other
    void send(T item, FleetClient api, Report report);
  }

  /// What to complain of requests that come to nothing, with the reason in the place of `%`.
  ///
  /// @param refused if the API refuses what is asked for one item, with its name for `UNIT`
  /// @param unanswered if the API does not answer, with the names of what is not done, or not known
  ///     to be done, for `UNITS`
  record Words(String refused, String unanswered) {}

  /// What came of the requests for one unit: what there is to tell, kept until it is the unit's
  /// turn, and what there is to wait for. For one thread at a time.
  static final class Report {

    private final String unit;
    private final List<Line> lines = new ArrayList<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private boolean known = true;
    private Optional<String> refusal = Optional.empty();
    private Optional<String> failure = Optional.empty();

    private Report(String unit) {
      this.unit = unit;
    }

    String unit() {
      return unit;
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

    /// The cluster knows no such unit.
    void unknown() {
      known = false;
    }

    /// The change of the unit has failed.
    ///
    /// @param complaint what to tell of it
    /// @param reason why, for a summary of several units
    void fail(String complaint, String reason) {
      complain(complaint);
      failure = Optional.of(reason);
    }

    /// The API has refused what was asked.
    ///
    /// @throws ApiException if that is about the server, so that any other request is in vain
    private void refuse(ApiException e) {
      refusal = Optional.of(ErrorText.refusal(e));
      failure = refusal;
    }

    /// The change of the unit has begun, and is to be waited for.
    void addAwaited(Awaited unit) {
      awaited.add(unit);
    }
  }

  private enum Kind {
    RESULT,
    COMPLAINT,
    WARNING
  }

  private record Line(Kind kind, String text) {}

  private record Answer<T>(T item, Report report) {}

  private final CommandCall call;
  private final Console console;
  private final Goal goal;
  private final Words words;
  private final Request<T> request;
  private final Map<String, Awaited> awaited = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final List<Unfinished<T>> unfinished = new ArrayList<>();
  private Optional<ClientException> fatal = Optional.empty();
  private boolean known;

  /// @param goal how far the units should come
  Change(CommandCall call, Goal goal, Words words, Request<T> request) {
    this.call = call;
    this.console = call.console();
    this.goal = goal;
    this.words = words;
    this.request = request;
  }

  /// Carries it out, one group after the other. The members of a group are dealt with in any order.
  ///
  /// @return whether all has come to a good end
  boolean carryOut(List<List<T>> groups) throws InterruptedException {
    for (List<T> group : groups) {
      if (fatal.isEmpty()) {
        send(group);
      } else {
        group.forEach(item -> unfinished.add(new Unfinished<>(item, false)));
      }
    }
    if (fatal.isPresent()) {
      tellUnfinished(fatal.get());
    }
    var limit = ChangeFlags.limit(call);
    var waiter = new Waiter(call.cluster(), console, call.time(), limit);
    failures.putAll(waiter.run(List.copyOf(awaited.values())));
    return fatal.isEmpty() && failures.isEmpty();
  }

  private void send(List<T> items) throws InterruptedException {
    try (var requests = new ParallelRequests<>(call.cluster(), call.time(), items, this::answer)) {
      try {
        for (var next = requests.next(); next.isPresent(); next = requests.next()) {
          settle(next.get().item(), next.get().report());
        }
      } catch (ClientException e) {
        fatal = Optional.of(e);
        unfinished.addAll(requests.unfinished());
      }
    }
  }

  private Answer<T> answer(T item, FleetClient api) {
    var report = new Report(request.unit(item));
    try {
      request.send(item, api, report);
    } catch (ApiException e) {
      report.refuse(e);
    }
    return new Answer<>(item, report);
  }

  private void settle(T item, Report report) {
    for (Line line : report.lines) {
      switch (line.kind()) {
        case RESULT -> console.say(line.text());
        case COMPLAINT -> console.complain(line.text());
        case WARNING -> call.log().warn(line.text());
      }
    }
    if (report.refusal.isPresent()) {
      String complaint = words.refused().replace("UNIT", request.name(item));
      console.complain(complaint.replace("%", report.refusal.get()));
    }
    if (report.failure.isPresent()) {
      failures.put(report.unit, report.failure.get());
    }
    known |= report.known;
    for (Awaited unit : report.awaited) {
      awaited.put(unit.name() + " " + unit.machineId(), unit); // of two orders the later counts
    }
  }

  /// Says that the API does not answer, and names what is not done for it. Names are looked up as
  /// late as that, since the API may be asked for them.
  private void tellUnfinished(ClientException failure) {
    String what = words.unanswered();
    if (what.contains("UNITS")) {
      List<String> names = unfinished.stream().map(each -> request.name(each.item())).toList();
      what = what.replace("UNITS", Units.brackets(names));
    }
    ErrorText.print(console, what, failure);
    var named = new ArrayList<Unfinished<String>>();
    for (Unfinished<T> each : unfinished) {
      named.add(new Unfinished<>(request.name(each.item()), each.begun()));
    }
    ErrorText.printUnfinished(console, goal.done(), named);
  }

  /// Whether the API has answered for each.
  boolean answered() {
    return fatal.isEmpty();
  }

  /// Whether the cluster knows any of the units.
  boolean known() {
    return known;
  }

  /// What has been waited for.
  Collection<Awaited> awaited() {
    return awaited.values();
  }

  /// Why some units are not where they should be, by unit.
  Map<String, String> failures() {
    return failures;
  }
}
