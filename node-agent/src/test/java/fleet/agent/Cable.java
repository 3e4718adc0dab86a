package fleet.agent;

import fleet.cluster.env.Environment;
import fleet.cluster.store.FaultyStore;
import fleet.cluster.store.StoreException;
import java.time.Duration;

/// What leads to the store: it can be pulled, and it may lose answers.
final class Cable implements FaultyStore.Weather {

  private final Environment environment;
  private boolean pulled;
  private int answersToLose;

  Cable(Environment environment) {
    this.environment = environment;
  }

  void pull() {
    pulled = true;
  }

  void plug() {
    pulled = false;
  }

  /// The next commits are carried out, but nobody is told.
  void loseAnswers(int count) {
    answersToLose = count;
  }

  @Override
  public void out(String request) throws InterruptedException {
    environment.sleep(Duration.ofMillis(1));
    if (pulled) {
      environment.sleep(Duration.ofSeconds(1));
      throw new StoreException.Unavailable("the cable is pulled");
    }
  }

  @Override
  public void back(String request) {
    if (request.equals("commit") && answersToLose > 0) {
      answersToLose--;
      throw new StoreException.Unavailable("the answer was lost");
    }
  }

  @Override
  public boolean hears() {
    return !pulled;
  }
}
