package fleet.ctl.wait;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.Veto;
import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Spans;
import fleet.ctl.console.Console;
import fleet.ctl.remote.Cluster;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests.Unfinished;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Waits until units are where somebody wants them, and says of each what became of it.
///
/// One request asks for all units that are still awaited, at first after 25 ms, then less and less
/// often, down to four times a second. Waiting has no limit unless the user sets one; but it does
/// not wait for what will not come by waiting: a unit that fails, or that no machine can take.
public final class Waiter {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  /// How long the cluster has to take notice of a request before bad news are believed.
  private static final Duration SETTLED = Duration.ofMillis(500);

  /// How long an agent may say nothing of orders before it is taken for one of an earlier fleet,
  /// which knows none. One that knows them tells of an outcome with the state that it led to.
  private static final Duration SILENCE = Duration.ofSeconds(3);

  /// How long the API may be away, or the cluster without a leader or any machine: for instance
  /// while a `fleetd` is restarted.
  private static final Duration ABSENCE = Duration.ofSeconds(10);

  /// How long to wait for the last lines of a failed unit's journal, which its machine reports
  /// once it has read them. It looks for them for a second, and a slow disk delays the report.
  private static final Duration LAST_WORDS = Duration.ofMillis(2_500);

  private static final int INTERNAL_ERROR = 500;

  private static final Duration FIRST_NEWS = Duration.ofSeconds(3);
  private static final Duration NEWS_PERIOD = Duration.ofSeconds(10);
  private static final int NEWS_LENGTH = 5;

  private final Cluster cluster;
  private final Console console;
  private final Environment time;
  private final WaitLimit limit;

  private final Set<Awaited> awaited = new LinkedHashSet<>();
  private final Map<String, ExplanationResource> first = new LinkedHashMap<>();
  private final Map<Awaited, Verdict> verdicts = new LinkedHashMap<>();
  private final Map<Awaited, Duration> unconfirmedSince = new LinkedHashMap<>();
  private final Map<Awaited, Duration> failedSince = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private Duration begun = Duration.ZERO;
  private Duration heard = Duration.ZERO;

  public Waiter(Cluster cluster, Console console, Environment time, WaitLimit limit) {
    this.cluster = cluster;
    this.console = console;
    this.time = time;
    this.limit = limit;
  }

  /// Waits for all of `units` and prints what became of each.
  ///
  /// @return why some are not where they should be, by unit; empty if all are
  public Map<String, String> run(List<Awaited> units) throws InterruptedException {
    awaited.addAll(units);
    begun = time.uptime();
    heard = begun;
    Duration news = FIRST_NEWS;
    Duration pause = FIRST_PAUSE;
    while (!awaited.isEmpty()) {
      time.sleep(limit.left(pause, waited()));
      pause = Spans.shorter(pause.multipliedBy(4).dividedBy(3), LONGEST_PAUSE);
      ask();
      if (limit.endsAfter(waited())) {
        giveUp();
      }
      if (!awaited.isEmpty() && waited().compareTo(news) >= 0) {
        tell();
        news = waited().plus(NEWS_PERIOD);
      }
    }
    return failures;
  }

  private Duration waited() {
    return time.uptime().minus(begun);
  }

  private void ask() {
    List<ExplanationResource> answers;
    try {
      answers = cluster.api().once().explanations(names());
    } catch (ClientException e) {
      if (isRefusal(e) || time.uptime().minus(heard).compareTo(ABSENCE) >= 0) {
        leave(e);
      }
      verdicts.clear();
      unconfirmedSince.clear(); // an agent may have been kept from telling as we are from asking
      return;
    }
    heard = time.uptime();
    var seen = new LinkedHashMap<String, ExplanationResource>();
    for (ExplanationResource answer : answers) {
      seen.put(answer.name(), answer);
    }
    boolean settled = waited().compareTo(SETTLED) >= 0;
    for (Awaited unit : List.copyOf(awaited)) {
      var now = Optional.ofNullable(seen.get(unit.name()));
      now.ifPresent(answer -> first.putIfAbsent(unit.name(), answer));
      var before = Optional.ofNullable(first.get(unit.name()));
      Verdict verdict = believed(unit, Judge.judge(unit, before, now, settled));
      verdicts.put(unit, verdict);
      switch (verdict) {
        case Verdict.Reached reached -> reach(unit, reached);
        case Verdict.Failed failed when mayTellMore(unit, List.of(failed)) -> {}
        case Verdict.Failed failed -> fail(unit, failed);
        case Verdict.Several(var all) when mayTellMore(unit, all) -> {}
        case Verdict.Several(var all) -> all.forEach(failed -> fail(unit, failed));
        case Verdict.Unplaced unplaced when isFinal(unplaced) -> fail(unit, unplaced);
        case Verdict.Unplaced _, Verdict.Pending _, Verdict.Unconfirmed _ ->
            failedSince.remove(unit);
      }
    }
  }

  /// What seems so is so if it has remained for long enough.
  private Verdict believed(Awaited unit, Verdict verdict) {
    if (!(verdict instanceof Verdict.Unconfirmed(var likely))) {
      unconfirmedSince.remove(unit);
      return verdict;
    }
    Duration since = unconfirmedSince.computeIfAbsent(unit, _ -> time.uptime());
    return time.uptime().minus(since).compareTo(SILENCE) < 0 ? verdict : likely;
  }

  private Set<String> names() {
    var names = new LinkedHashSet<String>();
    for (Awaited unit : awaited) {
      names.add(unit.name());
    }
    return names;
  }

  /// Whether to give up on a unit that no machine can take. Not yet, if the user wants to wait, or
  /// if no machine has been asked: an engine may be about to lead, or a machine to join.
  private boolean isFinal(Verdict.Unplaced unplaced) {
    return !limit.forPlacement()
        && (!unplaced.vetoes().isEmpty() || waited().compareTo(ABSENCE) >= 0);
  }

  private static boolean isRefusal(ClientException e) {
    return e instanceof ApiException refusal && refusal.code() < INTERNAL_ERROR;
  }

  /// Whether the journal of a unit that did not start may yet come.
  private boolean mayTellMore(Awaited unit, List<Verdict.Failed> failures) {
    boolean starts = unit.goal() == Goal.LAUNCHED || unit.goal() == Goal.RESTARTED;
    if (!starts || failures.stream().noneMatch(Verdict.Failed::mayTellMore)) {
      return false;
    }
    Duration since = failedSince.computeIfAbsent(unit, _ -> time.uptime());
    return time.uptime().minus(since).compareTo(LAST_WORDS) < 0;
  }

  /// Says that a unit is there, but of one that is on every machine: fleet 1.0 said nothing more of
  /// those, nor did it wait for them.
  private void reach(Awaited unit, Verdict.Reached reached) {
    settle(unit);
    if (unit.everywhere()) {
      return;
    }
    console.say(
        unit.goal() == Goal.GONE
            ? "Destroyed " + unit.name()
            : "Unit " + unit.name() + " " + reached.state() + on(reached.machineId()));
  }

  private void fail(Awaited unit, Verdict.Failed failed) {
    fail(unit, failed.machineId(), failed.reason());
    for (String line : failed.log()) {
      console.complain("  " + line);
    }
  }

  private void fail(Awaited unit, Verdict.Unplaced unplaced) {
    fail(unit, "", unplaced.summary());
    for (Veto veto : unplaced.vetoes()) {
      console.complain("  " + cluster.legend(veto.machineId()) + ": " + veto.reason());
    }
  }

  private void fail(Awaited unit, String machineId, String reason) {
    settle(unit);
    failures.putIfAbsent(unit.name(), reason);
    console.complain(
        "Error " + unit.goal().activity() + " unit " + unit.name() + on(machineId) + ": " + reason);
  }

  private void settle(Awaited unit) {
    awaited.remove(unit);
    unconfirmedSince.remove(unit);
    failedSince.remove(unit);
  }

  /// Names what is still awaited, since the API says nothing more of it.
  private void leave(ClientException failure) {
    ErrorText.print(console, "Error waiting for units: %", failure);
    for (Awaited unit : List.copyOf(awaited)) {
      settle(unit);
      failures.put(unit.name(), ErrorText.reason(failure));
      ErrorText.printUnfinished(
          console, unit.goal().done(), List.of(new Unfinished<>(unit.name(), true)));
    }
  }

  private void giveUp() {
    for (Awaited unit : List.copyOf(awaited)) {
      switch (verdicts.get(unit)) {
        case Verdict.Unplaced unplaced -> fail(unit, unplaced);
        case Verdict.Failed failed -> fail(unit, failed);
        case Verdict.Several(var all) -> all.forEach(failed -> fail(unit, failed));
        case null -> giveUp(unit, null);
        case Verdict.Reached _, Verdict.Pending _, Verdict.Unconfirmed _ ->
            giveUp(unit, verdicts.get(unit));
      }
    }
  }

  private void giveUp(Awaited unit, @Nullable Verdict verdict) {
    settle(unit);
    String state =
        unit.goal() == Goal.GONE ? "to be gone" : "to report state " + unit.goal().desiredState();
    String reason =
        "timed out waiting for unit " + unit.name() + " " + state + ": yet" + missing(verdict);
    failures.put(unit.name(), reason);
    console.complain("Error waiting for units: " + reason);
  }

  /// Says what is being waited for, so that nobody wonders whether anything happens.
  private void tell() {
    var news = new StringBuilder("Waiting for ").append(awaited.size());
    news.append(awaited.size() == 1 ? " unit: " : " units: ");
    List<Awaited> some = new ArrayList<>(awaited);
    for (int i = 0; i < some.size() && i < NEWS_LENGTH; i++) {
      news.append(i == 0 ? "" : "; ").append(some.get(i).name());
      news.append(missing(verdicts.get(some.get(i))));
    }
    if (some.size() > NEWS_LENGTH) {
      news.append("; and ").append(some.size() - NEWS_LENGTH).append(" more");
    }
    console.complain(news.toString());
  }

  private String missing(@Nullable Verdict verdict) {
    return switch (verdict) {
      case null -> ": the API does not answer";
      case Verdict.Pending(var missing, var machineId) -> " " + missing + on(machineId);
      case Verdict.Unplaced(var summary, _) -> ": " + summary;
      case Verdict.Unconfirmed _ -> " to be told of by its agent";
      case Verdict.Reached _ -> "";
      case Verdict.Failed(var reason, _, _, _) -> ": " + reason;
      case Verdict.Several(var all) -> ": " + all.getFirst().reason();
    };
  }

  private String on(String machineId) {
    return machineId.isEmpty() ? "" : " on " + cluster.legend(machineId);
  }
}
