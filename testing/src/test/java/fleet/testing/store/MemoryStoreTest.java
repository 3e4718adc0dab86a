package fleet.testing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Op;
import fleet.testing.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The contract, and that virtual time drives the store as real time does.
final class MemoryStoreTest extends StoreContract {

  private final MemoryStore store = new MemoryStore(new SystemEnvironment());

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Store another() {
    return new MemoryStore(new SystemEnvironment());
  }

  @Override
  public void compact(long revision) {
    store.compact(revision);
  }

  @Test
  void watcherHearsOfAnExpiryAtItsDeadlineInVirtualTime() {
    var environment = new VirtualEnvironment(1);
    Store store = new MemoryStore(environment);
    List<String> heard = new ArrayList<>();
    environment.fork(
        "owner",
        () -> {
          long lease = store.grant(Duration.ofSeconds(3));
          store.commit(List.of(), List.of(new Op.Put("presence", "here", lease)));
          environment.sleep(Duration.ofSeconds(2));
          store.keepAlive(lease);
        });
    environment.fork(
        "watcher",
        () -> {
          var changed = environment.signal("changed");
          try (var watch = store.watch("presence", 1, changed)) {
            while (true) {
              changed.await(Duration.ofHours(1));
              for (Change change : ((Batch.Changes) watch.poll()).changes()) {
                heard.add(environment.uptime() + " " + change.getClass().getSimpleName());
              }
            }
          }
        });

    environment.run(Duration.ofSeconds(60));

    assertEquals(List.of("PT0S Put", "PT5S Delete"), heard);
  }

  @Test
  void reignOfAnEarlierLeaseIsNotDelayedByALongerOne() {
    var environment = new VirtualEnvironment(1);
    Store store = new MemoryStore(environment);
    List<Integer> alive = new ArrayList<>();
    environment.fork(
        "owner",
        () -> {
          for (int seconds : new int[] {9, 3, 6}) {
            long lease = store.grant(Duration.ofSeconds(seconds));
            store.commit(List.of(), List.of(new Op.Put("lease " + seconds, "", lease)));
          }
        });
    environment.fork(
        "reader",
        () -> {
          for (int i = 0; i < 4; i++) {
            environment.sleep(Duration.ofMillis(2_999));
            alive.add(store.range("lease").entries().size());
            environment.sleep(Duration.ofMillis(1));
          }
        });

    environment.run(Duration.ofSeconds(60));

    assertEquals(List.of(3, 2, 1, 0), alive);
  }
}
