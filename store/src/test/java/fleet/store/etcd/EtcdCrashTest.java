package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.awaitAnswer;
import static fleet.store.etcd.EtcdFixture.connect;
import static fleet.store.etcd.EtcdFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Commit;
import fleet.testing.store.Follower;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Writers and a watcher, while etcd is killed and hangs again and again.
@Tag("slow")
final class EtcdCrashTest {

  private static final int WRITERS = 4;
  private static final int ROUNDS = 6;

  private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
  private final Set<String> unknown = new ConcurrentSkipListSet<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void whatWasAcknowledgedIsToldOnceAndWhatWasNotAskedForNever() throws Exception {
    try (var etcd = RealEtcd.start();
        var store = connect(etcd.endpoint());
        var follower = Follower.of(store, "/crash/", 1);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> writers =
          IntStream.range(0, WRITERS)
              .mapToObj(number -> threads.submit(() -> write(store, number)))
              .toList();

      disturb(etcd, store);
      over.set(true);
      for (Future<Void> writer : writers) {
        writer.get();
      }

      List<String> told = values(follower.await("all", heard -> hasAll(values(heard))));
      var distinct = new TreeSet<>(told);
      assertEquals(told.size(), distinct.size());
      distinct.removeAll(acknowledged);
      assertTrue(unknown.containsAll(distinct), () -> "nobody wrote some of " + distinct);
      assertTrue(acknowledged.size() > ROUNDS, () -> "only " + acknowledged + " were written");
    }
  }

  private Void write(EtcdStore store, int number) throws InterruptedException {
    for (int i = 0; !over.get(); i++) {
      String value = number + "." + i;
      switch (put(store, "/crash/" + number, value)) {
        case Commit.Applied _ -> acknowledged.add(value);
        case Commit.Unknown _ -> unknown.add(value);
        case Commit.Refused refused -> throw new AssertionError(refused);
      }
    }
    return null;
  }

  private static void disturb(RealEtcd etcd, EtcdStore store) throws Exception {
    var random = new SplittableRandom(1);
    for (int round = 0; round < ROUNDS; round++) {
      Callable<Void> disturbance = round % 2 == 0 ? () -> kill(etcd) : () -> hang(etcd);
      Thread.sleep(Duration.ofMillis(random.nextInt(100, 400)));
      disturbance.call();
      awaitAnswer(store);
    }
  }

  private static Void kill(RealEtcd etcd) throws Exception {
    etcd.kill();
    etcd.startAgain();
    return null;
  }

  private static Void hang(RealEtcd etcd) throws Exception {
    etcd.suspend();
    Thread.sleep(Duration.ofMillis(1_200));
    etcd.resume();
    return null;
  }

  private boolean hasAll(List<String> told) {
    return new TreeSet<>(told).containsAll(acknowledged);
  }

  private static List<String> values(List<Change> changes) {
    return changes.stream().map(change -> ((Change.Put) change).entry().value()).toList();
  }
}
