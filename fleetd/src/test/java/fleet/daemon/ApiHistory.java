package fleet.daemon;

import fleet.cluster.TargetState;
import fleet.testing.history.Linearizability;
import fleet.testing.history.Operation;
import fleet.testing.history.UnitModel;
import fleet.testing.history.UnitModel.Act;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// What clients of the HTTP API have done to one unit, and were told.
///
/// Each text of the unit is submitted once, so that the text that was found names the request.
final class ApiHistory {

  /// What the unit is like; a text of 0 stands for a unit that is not there.
  record Found(int text, TargetState target) {
    static final Found NOTHING = new Found(0, TargetState.INACTIVE);
  }

  private static final UnitModel<Found, TargetState> MODEL =
      new UnitModel<>(Found.NOTHING, (was, target) -> new Found(was.text(), target));

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// In milliseconds: who finds nobody there asks again after that.
  private static final long REST = 100;

  private static final Pattern TEXT = Pattern.compile("\"value\":\"/bin/sleep (\\d+)\"");
  private static final Pattern TARGET = Pattern.compile("\"desiredState\":\"(\\w+)\"");
  private static final List<TargetState> TARGETS = List.of(TargetState.values());

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final URI unit;
  private final List<Operation<Act<Found, TargetState>>> history =
      Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger texts = new AtomicInteger();

  ApiHistory(URI unit) {
    this.unit = unit;
  }

  /// Does something to the unit, or looks at it.
  void act(RandomGenerator random) throws InterruptedException {
    TargetState target = TARGETS.get(random.nextInt(TARGETS.size()));
    switch (random.nextInt(6)) {
      case 0 -> change("DELETE", "", new Act.Destroy<>());
      case 1 -> put(target);
      case 2 ->
          change("PUT", "{\"desiredState\":\"" + target.text() + "\"}", new Act.Target<>(target));
      default -> read();
    }
  }

  void put(TargetState target) throws InterruptedException {
    int text = texts.incrementAndGet();
    change(
        "PUT",
        """
        {"desiredState":"%s","options":[\
        {"section":"Service","name":"ExecStart","value":"/bin/sleep %d"}]}\
        """
            .formatted(target.text(), text),
        new Act.Put<>(new Found(text, target)));
  }

  private void change(String method, String body, Act<Found, TargetState> act)
      throws InterruptedException {
    long called = System.nanoTime();
    try {
      int status = ask(method, body).statusCode();
      switch (status) {
        case 201, 204 -> note(act, called, System.nanoTime());
        case 404, 409 -> {} // there was nothing to do it to
        case 503 -> note(act, called, Operation.NEVER);
        default -> throw new AssertionError(method + " " + body + ": " + status);
      }
    } catch (ConnectException nobodyThere) {
      Thread.sleep(REST); // it was never asked
    } catch (IOException lost) {
      note(act, called, Operation.NEVER);
    }
  }

  /// @return what was found; empty if there was no answer
  Optional<Found> read() throws InterruptedException {
    long called = System.nanoTime();
    try {
      HttpResponse<String> answer = ask("GET", "");
      if (answer.statusCode() != 503) {
        Found found = found(answer);
        note(new Act.Read<>(found), called, System.nanoTime());
        return Optional.of(found);
      }
    } catch (IOException lost) {
      // It has changed nothing.
    }
    Thread.sleep(REST);
    return Optional.empty();
  }

  private static Found found(HttpResponse<String> answer) {
    var text = TEXT.matcher(answer.body());
    var target = TARGET.matcher(answer.body());
    if (answer.statusCode() == 404) {
      return Found.NOTHING;
    }
    if (answer.statusCode() != 200 || !text.find() || !target.find()) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
    return new Found(
        Integer.parseInt(text.group(1)), TargetState.of(target.group(1)).orElseThrow());
  }

  private HttpResponse<String> ask(String method, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(unit)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  void note(Act<Found, TargetState> act, long called, long returned) {
    history.add(new Operation<>(act, called, returned));
  }

  /// How many things were answered.
  int size() {
    synchronized (history) {
      return (int) history.stream().filter(act -> act.returned() != Operation.NEVER).count();
    }
  }

  /// Why the answers are not those of one API that does one thing at a time; empty if they are.
  Optional<String> violation() {
    return Linearizability.violation(MODEL, List.copyOf(history));
  }
}
