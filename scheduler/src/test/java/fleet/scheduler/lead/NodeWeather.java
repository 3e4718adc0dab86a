package fleet.scheduler.lead;

import fleet.cluster.env.Environment;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.testing.store.FaultyStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// What can happen on one node's way to the store.
final class NodeWeather implements FaultyStore.Weather {

  private final Environment environment;

  /// No request gets through; each fails after half a second.
  boolean cut;

  /// The node is no more: nothing gets through, at once.
  boolean dead;

  /// The store refuses each request.
  boolean denied;

  /// Requests wait until then, as if the process or the store were suspended.
  Duration pausedUntil = Duration.ZERO;

  /// The next commit is carried out, but its answer is lost.
  boolean loseAnswer;

  /// The next commit is lost on its way.
  boolean loseRequest;

  /// Nothing that happens in the store is heard of; requests get through.
  boolean unheard;

  /// Signals of watches are lost.
  boolean deaf;

  /// How long each request takes.
  Duration travelTime = Duration.ZERO;

  /// The pause in which the next commit sets out.
  Duration pauseAtCommit = Duration.ZERO;

  /// The pause that follows the next grant of a lease.
  Duration pauseAfterGrant = Duration.ZERO;

  /// One request in so many meets with a fault of any kind; 0 for none.
  int faults;

  /// Is shown every request that sets out.
  Consumer<String> sent = _ -> {};

  /// Is shown every commit that was applied.
  Consumer<List<Op>> witness = _ -> {};

  NodeWeather(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void out(String request) throws InterruptedException {
    sent.accept(request);
    if (denied) {
      throw new StoreException.Denied("nobody of that name is known");
    }
    if (request.equals("commit")) {
      pause(pauseAtCommit);
      pauseAtCommit = Duration.ZERO;
    }
    travel();
    if (request.equals("commit") && loseRequest) {
      loseRequest = false;
      throw new StoreException.Unavailable("the request was lost");
    }
  }

  @Override
  public void back(String request) {
    if (request.equals("commit") && loseAnswer) {
      loseAnswer = false;
      throw new StoreException.Unavailable("the answer was lost");
    }
    if (request.equals("grant")) {
      pause(pauseAfterGrant);
      pauseAfterGrant = Duration.ZERO;
    }
  }

  private void pause(Duration length) {
    if (length.isPositive()) {
      pausedUntil = environment.uptime().plus(length);
    }
  }

  private void travel() throws InterruptedException {
    if (faults > 0 && environment.random().nextInt(faults) == 0) {
      meetWithFault();
    }
    while (pausedUntil.compareTo(environment.uptime()) > 0) {
      environment.sleep(pausedUntil.minus(environment.uptime()));
    }
    if (travelTime.isPositive()) {
      environment.sleep(travelTime);
    }
    if (cut && !dead) {
      environment.sleep(Duration.ofMillis(500));
    }
    if (cut || dead) {
      throw new StoreException.Unavailable("the link is cut");
    }
  }

  private void meetWithFault() throws InterruptedException {
    int length = environment.random().nextInt(5_000);
    switch (environment.random().nextInt(5)) {
      case 0 -> environment.sleep(Duration.ofMillis(length));
      case 1 -> pause(Duration.ofMillis(length));
      case 2 -> loseAnswer = true;
      case 3 -> loseRequest = true;
      default -> throw new StoreException.Unavailable("a fault");
    }
  }

  @Override
  public boolean hears() {
    return !cut && !dead && !unheard && pausedUntil.compareTo(environment.uptime()) <= 0;
  }

  @Override
  public boolean losesSignal() {
    return deaf;
  }

  @Override
  public void applied(List<Op> ops, long revision) {
    witness.accept(ops);
  }
}
