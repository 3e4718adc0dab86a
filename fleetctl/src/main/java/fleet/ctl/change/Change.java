package fleet.ctl.change;

import fleet.api.client.ClientException;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Console;
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

  /// What a verb asks of the API, and its words for what may come of it. It is asked on any thread;
  /// the words are asked for on the thread that carries out the change.
  interface Request<T> extends ParallelRequests.Work<T, RequestOutcome> {

    /// What people call the item.
    String name(T item);

    /// What to complain if the API refuses what is asked for the item.
    String refused(T item, String reason);

    /// What to complain if the API does not answer, with the reason in the place of `%`.
    ///
    /// @param items what is not done, or not known to be done
    String unanswered(List<Unfinished<T>> items);
  }

  private record Answer<T>(T item, RequestOutcome outcome) {}

  private final Invocation invocation;
  private final Console console;
  private final Goal goal;
  private final Request<T> request;
  private final Map<String, Awaited> awaited = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final List<Unfinished<T>> unfinished = new ArrayList<>();
  private Optional<ClientException> silence = Optional.empty();
  private boolean known;

  /// @param goal how far the units should come
  Change(Invocation invocation, Goal goal, Request<T> request) {
    this.invocation = invocation;
    this.console = invocation.console();
    this.goal = goal;
    this.request = request;
  }

  /// Carries it out, one group after the other. The members of a group are dealt with in any order.
  ///
  /// @return whether all has come to a good end
  boolean carryOut(List<List<T>> groups) throws InterruptedException {
    for (List<T> group : groups) {
      if (silence.isEmpty()) {
        send(group);
      } else {
        group.forEach(item -> unfinished.add(new Unfinished<>(item, false)));
      }
    }
    if (silence.isPresent()) {
      ErrorText.print(console, request.unanswered(unfinished), silence.get());
      var names = new ArrayList<Unfinished<String>>();
      for (Unfinished<T> each : unfinished) {
        names.add(new Unfinished<>(request.name(each.item()), each.begun()));
      }
      ErrorText.printUnfinished(console, goal.done(), names);
    }
    var limit = WaitFlags.limit(invocation);
    var waiter = new Waiter(invocation.cluster(), console, invocation.time(), limit);
    failures.putAll(waiter.run(List.copyOf(awaited.values())));
    return silence.isEmpty() && failures.isEmpty();
  }

  private void send(List<T> items) throws InterruptedException {
    ParallelRequests.Work<T, Answer<T>> work =
        (item, api) -> new Answer<>(item, request.of(item, api));
    try (var requests =
        new ParallelRequests<>(invocation.cluster(), invocation.time(), items, work)) {
      try {
        for (var next = requests.next(); next.isPresent(); next = requests.next()) {
          settle(next.get().item(), next.get().outcome());
        }
      } catch (ClientException e) {
        silence = Optional.of(e);
        unfinished.addAll(requests.unfinished());
      }
    }
  }

  private void settle(T item, RequestOutcome outcome) {
    outcome.print(console, invocation.log());
    if (outcome.refusal().isPresent()) {
      console.complain(request.refused(item, outcome.refusal().get()));
    }
    if (outcome.failure().isPresent()) {
      failures.put(outcome.unit(), outcome.failure().get());
    }
    known |= outcome.known();
    for (Awaited unit : outcome.awaited()) {
      awaited.put(unit.name() + " " + unit.machineId(), unit); // of two orders the later counts
    }
  }

  /// Whether the API has answered for each.
  boolean answered() {
    return silence.isEmpty();
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
