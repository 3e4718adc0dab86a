package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.assertWithin;
import static fleet.store.etcd.EtcdFixture.awaitAnswer;
import static fleet.store.etcd.EtcdFixture.connect;
import static fleet.store.etcd.EtcdFixture.create;
import static fleet.store.etcd.EtcdFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.StoreException;
import fleet.testing.store.Follower;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The client and an etcd of three members, of which some fail.
@Tag("slow")
final class EtcdClusterTest {

  /// What etcd takes by itself to notice that its leader is gone, and to elect another.
  private static final Duration ELECTION = Duration.ofSeconds(3);

  private List<RealEtcd> members;
  private EtcdStore store;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    members = RealEtcd.startCluster("one", "two", "three");
    store = connect(members.stream().map(RealEtcd::endpoint).toArray(URI[]::new));
    awaitAnswer(store);
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    for (RealEtcd member : members) {
      member.close();
    }
  }

  @Test
  void lossOfTheMemberThatWeTalkToCostsNothingButTime() throws Exception {
    long lease = store.grant(Duration.ofSeconds(10));
    long first = ((Commit.Applied) put(store, "a", "1", lease)).revision();
    try (var follower = Follower.of(store, "a", first)) {
      follower.await(1);

      members.getFirst().kill();
      assertWithin(ELECTION, awaitAnswer(store));

      assertTrue(store.keepAlive(lease));
      create(store, "a2", "2");
      assertEquals(2, follower.await(2).size());
    }
  }

  @Test
  void memberThatHangsIsLeftForAnother() throws Exception {
    try (var follower = Follower.of(store, "a", store.range("").revision() + 1)) {
      members.getFirst().suspend();

      assertWithin(ELECTION, awaitAnswer(store));

      create(store, "a", "1");
      assertEquals(1, follower.await(1).size());
    }
  }

  @Test
  void memberThatIsAloneServesNobodyUntilTheOthersAreBack() throws Exception {
    long now = ((Commit.Applied) put(store, "a", "1")).revision();
    members.get(1).kill();
    members.get(2).kill();

    var failure = assertThrows(StoreException.Unavailable.class, this::readUntilUnavailable);
    EtcdFixture.assertSays("range a: no answer within 1 s: ", failure);

    members.get(1).begin();
    members.get(2).begin();
    awaitAnswer(store);
    try (var follower = Follower.of(store, "a", now + 1)) {
      create(store, "a2", "2");
      assertEquals(1, follower.await(1).size());
    }
  }

  /// A leader may answer for a moment before it notices that it is alone.
  private void readUntilUnavailable() throws InterruptedException {
    long began = System.nanoTime();
    while (EtcdFixture.since(began).compareTo(ELECTION) < 0) {
      var _ = store.range("a");
    }
  }
}
