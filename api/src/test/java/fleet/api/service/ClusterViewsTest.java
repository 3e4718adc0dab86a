package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.api.TestCluster;
import fleet.api.message.PageToken;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store.Commit;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewsTest {

  private final VirtualEnvironment world = new VirtualEnvironment(1);
  private final FlakyStore store = new FlakyStore(new MemoryStore(world));
  private final Registry registry = new Registry(store, new Keyspace(TestCluster.PREFIX));
  private final ClusterViews views = new ClusterViews(registry, world);

  @Test
  void aMirrorIsOpenedByTheFirstReaderAndClosedWhenNobodyHasAskedForAMinute() {
    assertEquals(0, store.watches());

    world.fork("reader", views::now);
    world.run(Duration.ofSeconds(55));
    assertEquals(1, store.watches());

    world.fork("reader", views::now);
    world.run(Duration.ofSeconds(55));
    assertEquals(1, store.watches());

    world.run(Duration.ofSeconds(10));
    assertEquals(0, store.watches());
    assertEquals(1, store.ranges());

    world.fork("reader", views::now);
    world.run(Duration.ofSeconds(1));
    assertEquals(1, store.watches());
    assertEquals(2, store.ranges());
  }

  @Test
  void aThousandReadersAtOnceGetTheSameView() {
    List<ClusterView> seen = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      world.fork("reader", () -> seen.add(views.now()));
    }
    world.run(Duration.ofSeconds(1));

    assertEquals(1000, seen.size());
    assertEquals(1, seen.stream().distinct().count());
  }

  @Test
  void aStoreThatWasPutBackCountsFromThereOn() {
    List<Duration> took = new ArrayList<>();
    views.acknowledged(1_000_000);
    for (int i = 0; i < 3; i++) {
      world.fork(
          "reader",
          () -> {
            Duration start = world.uptime();
            views.now();
            took.add(world.uptime().minus(start));
          });
      world.run(Duration.ofSeconds(5));
    }

    assertEquals(List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO), took);
  }

  @Test
  void readersSeeWhatOthersHaveWrittenBeforeTheyAsked() {
    List<Integer> counts = new ArrayList<>();
    world.fork(
        "reader",
        () -> {
          counts.add(views.now().unitNames().size());
          for (String name : List.of("a.service", "b.service")) {
            registry.create(
                DesiredUnit.of(
                    TestCluster.unit(name),
                    TestCluster.file("[Service]\nExecStart=/bin/true"),
                    TargetState.INACTIVE,
                    Restarts.NONE));
            counts.add(views.now().unitNames().size());
          }
        });
    world.run(Duration.ofSeconds(1));

    assertEquals(List.of(0, 1, 2), counts);
  }

  @Test
  void pagesOfOneListAreOfOneView() {
    var first = new PageToken(1, 1);
    var second = new PageToken(1, 2);
    List<Integer> counts = new ArrayList<>();
    world.fork(
        "reader",
        () -> {
          counts.add(views.of(first).unitNames().size());
          create("a.service");
          counts.add(views.of(second).unitNames().size());
          counts.add(views.of(first).unitNames().size());
          create("b.service");
          world.sleep(Duration.ofSeconds(3));
          counts.add(views.of(second).unitNames().size());
        });
    world.run(Duration.ofSeconds(5));

    assertEquals(List.of(0, 0, 1, 2), counts);
  }

  @Test
  void noPageIsOlderThanWhatThisServerHasAcknowledged() {
    List<Integer> counts = new ArrayList<>();
    world.fork(
        "reader",
        () -> {
          views.of(new PageToken(1, 1));
          if (create("a.service") instanceof Commit.Applied(var revision)) {
            views.acknowledged(revision);
          }
          counts.add(views.of(new PageToken(1, 2)).unitNames().size());
        });
    world.run(Duration.ofSeconds(1));

    assertEquals(List.of(1), counts);
  }

  private Commit create(String name) throws InterruptedException {
    return registry.create(
        DesiredUnit.of(
            TestCluster.unit(name),
            TestCluster.file("[Service]\nExecStart=/bin/true"),
            TargetState.INACTIVE,
            Restarts.NONE));
  }
}
