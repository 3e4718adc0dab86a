package fleet.store.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.testing.store.MemoryStore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What [ServedHistoryTest] looks for, it sees: a store that lies is found out.
@Tag("slow")
final class KeyHistoriesTest {

  private static final List<String> KEYS = List.of("a", "b");

  /// One answer in so many is a lie.
  private static final int LIES = 50;

  private interface Lie {
    Object instead(Method asked, Object[] arguments) throws ReflectiveOperationException;
  }

  private static Store lying(Lie lie) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, asked, arguments) -> lie.instead(asked, arguments));
  }

  /// What a client finds out that has done many things to a store, one after another.
  private static Optional<String> violation(Store store) throws InterruptedException {
    var histories = new KeyHistories();
    var random = new SplittableRandom(4);
    for (int i = 0; i < 20 * LIES; i++) {
      histories.act(store, KEYS, random);
    }
    return histories.violation();
  }

  @Test
  void aStoreThatDoesWhatItSaysIsBelieved() throws Exception {
    try (var store = new MemoryStore(new SystemEnvironment())) {
      assertEquals(Optional.empty(), violation(store));
    }
  }

  @Test
  void aStoreThatForgetsWhatItHasAcknowledgedIsFoundOut() throws Exception {
    try (var store = new MemoryStore(new SystemEnvironment())) {
      var commits = new SplittableRandom(5);
      var forgetful =
          lying(
              (asked, arguments) ->
                  asked.getName().equals("commit") && commits.nextInt(LIES) == 0
                      ? new Commit.Applied(store.range("").revision())
                      : asked.invoke(store, arguments));

      assertTrue(violation(forgetful).isPresent());
    }
  }

  @Test
  void aStoreThatAnswersFromThePastIsFoundOut() throws Exception {
    try (var store = new MemoryStore(new SystemEnvironment())) {
      var reads = new SplittableRandom(6);
      Map<Object, Object> last = new HashMap<>();
      var stale =
          lying(
              (asked, arguments) -> {
                Object answer = asked.invoke(store, arguments);
                if (!asked.getName().equals("read")) {
                  return answer;
                }
                Object before = last.put(arguments[0], answer);
                return before != null && reads.nextInt(LIES) == 0 ? before : answer;
              });

      assertTrue(violation(stale).isPresent());
    }
  }
}
