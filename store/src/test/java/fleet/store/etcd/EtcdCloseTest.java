package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.assertSays;
import static fleet.store.etcd.EtcdFixture.awaitAnswer;
import static fleet.store.etcd.EtcdFixture.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Closing the client, alone in its process, so that what it leaves behind can be counted.
@Isolated
@Tag("slow")
final class EtcdCloseTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @Test
  void closedStoreAnswersAtOnceAndLeavesNoThread() throws Exception {
    try (var etcd = RealEtcd.start()) {
      EtcdStore store = connect(etcd.endpoint());
      awaitAnswer(store);
      etcd.suspend();
      var waiting =
          Executors.newVirtualThreadPerTaskExecutor()
              .submit(() -> assertThrows(StoreException.Unavailable.class, () -> store.read("a")));
      var watch = store.watch("a", 1, new SystemEnvironment().signal("watch"));

      store.close();

      assertSays("closed", waiting.get());
      assertSays(
          "closed", assertThrows(StoreException.Unavailable.class, () -> store.grant(TEN_SECONDS)));
      assertEquals(List.of(), ((Store.Batch.Changes) watch.poll()).changes());
      long end = System.nanoTime() + TEN_SECONDS.toNanos();
      while (threads() > 0) {
        assertTrue(System.nanoTime() < end, () -> "threads are left: " + threads());
        Thread.sleep(Duration.ofMillis(20));
      }
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("etcd") || name.startsWith("grpc"))
        .count();
  }
}
