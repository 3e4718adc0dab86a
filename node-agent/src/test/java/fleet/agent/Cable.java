package fleet.agent;

import fleet.cluster.env.Environment;
import fleet.cluster.store.StoreException;
import fleet.testing.store.FaultyStore;
import java.time.Duration;

/// What leads to the store: it can be pulled, and it may lose messages.
public final class Cable implements FaultyStore.Weather {

  private final Environment environment;
  private boolean pulled;
  private int answersToLose;
  private int readsToLose;
  private int losses;
  private int asked;

  public Cable(Environment environment) {
    this.environment = environment;
  }

  public void pull() {
    pulled = true;
  }

  public void plug() {
    pulled = false;
  }

  /// The next commits are carried out, but nobody is told.
  public void loseAnswers(int count) {
    answersToLose = count;
  }

  /// The next commit is carried out, but nobody is told; and those who then look get no answer, so
  /// many times.
  public void loseAnswerAndReads(int count) {
    answersToLose = 1;
    readsToLose = count;
  }

  /// How many requests there have been.
  int asked() {
    return asked;
  }

  /// From now on so many of a hundred messages are lost, in either direction.
  public void lose(int percent) {
    losses = percent;
  }

  private void mayLose() throws InterruptedException {
    if (losses > 0 && environment.random().nextInt(100) < losses) {
      environment.sleep(Duration.ofSeconds(1));
      throw new StoreException.Unavailable("a message was lost");
    }
  }

  @Override
  public void out(String request) throws InterruptedException {
    asked++;
    environment.sleep(Duration.ofMillis(1));
    if (pulled) {
      environment.sleep(Duration.ofSeconds(1));
      throw new StoreException.Unavailable("the cable is pulled");
    }
    mayLose();
    if (request.equals("read") && answersToLose == 0 && readsToLose > 0) {
      readsToLose--;
      environment.sleep(Duration.ofSeconds(1));
      throw new StoreException.Unavailable("the question was lost");
    }
  }

  @Override
  public void back(String request) throws InterruptedException {
    mayLose();
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
