package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.assertSays;
import static fleet.store.etcd.EtcdFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Watch;
import fleet.cluster.store.StoreException;
import fleet.store.etcd.EtcdOptions.Credentials;
import fleet.testing.store.Follower;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Proving who we are to etcd by a password.
@Tag("slow")
final class EtcdLoginTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static EtcdStore connect(RealEtcd etcd, String name, String password) {
    return EtcdStore.connect(
        new EtcdOptions(
            List.of(etcd.endpoint()),
            LIMIT,
            Optional.of(new Credentials(name, password)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static RealEtcd withUsers() throws Exception {
    RealEtcd etcd = RealEtcd.start();
    etcd.ctl("user", "add", "root:rootpw");
    etcd.ctl("user", "add", "fleet:fleetpw");
    etcd.ctl("role", "add", "fleet");
    etcd.ctl("role", "grant-permission", "fleet", "--prefix=true", "readwrite", "/fleet/");
    etcd.ctl("user", "grant-role", "fleet", "fleet");
    etcd.ctl("user", "grant-role", "root", "root");
    etcd.ctl("auth", "enable");
    return etcd;
  }

  @Test
  void userMayDoWhatEtcdLetsHimDo() throws Exception {
    try (var etcd = withUsers();
        var store = connect(etcd, "fleet", "fleetpw")) {
      assertInstanceOf(Commit.Applied.class, put(store, "/fleet/a", "1"));
      assertEquals(1, store.range("/fleet/").entries().size());
      long lease = store.grant(Duration.ofSeconds(30));
      assertTrue(store.keepAlive(lease));
      store.revoke(lease);
      try (var follower = Follower.of(store, "/fleet/", 1)) {
        assertEquals("/fleet/a", follower.await(1).getFirst().key());
      }

      var failure = assertThrows(StoreException.Denied.class, () -> put(store, "/other/a", "1"));
      assertSays("permission denied", failure);
      assertThrows(StoreException.Denied.class, () -> store.range(""));
      var signal = new SystemEnvironment().signal("denied");
      try (var watch = store.watch("/other/", 1, signal)) {
        awaitDenied(watch, signal);
      }
    }
  }

  @Test
  void wrongCredentialsAreDenied() throws Exception {
    try (var etcd = withUsers();
        var wrong = connect(etcd, "fleet", "wrong");
        var none = EtcdFixture.connect(LIMIT, etcd.endpoint())) {
      var failure = assertThrows(StoreException.Denied.class, () -> wrong.range("/fleet/"));
      assertSays(
          " as fleet: range /fleet/: user fleet: etcdserver: authentication failed", failure);
      assertThrows(StoreException.Denied.class, () -> put(wrong, "/fleet/a", "1"));
      assertThrows(StoreException.Denied.class, () -> none.range("/fleet/"));
      assertThrows(StoreException.Denied.class, () -> put(none, "/fleet/a", "1"));
    }
  }

  @Test
  void tokenThatEtcdHasForgottenIsReplaced() throws Exception {
    try (var etcd = withUsers();
        var store = connect(etcd, "fleet", "fleetpw");
        var follower = Follower.of(store, "/fleet/", 1)) {
      put(store, "/fleet/a", "1");
      follower.await(1);

      etcd.stop(); // it keeps tokens in memory only
      etcd.startAgain();

      assertEquals(1, store.range("/fleet/").entries().size());
      assertInstanceOf(Commit.Applied.class, put(store, "/fleet/b", "1"));
      assertEquals(2, follower.await(2).size());
    }
  }

  @Test
  void changeOfRightsIsFollowed() throws Exception {
    try (var etcd = withUsers();
        var store = connect(etcd, "fleet", "fleetpw")) {
      put(store, "/fleet/a", "1");
      assertThrows(StoreException.Denied.class, () -> store.range("/other/"));

      etcd.ctl(
          "--user=root:rootpw",
          "role",
          "grant-permission",
          "fleet",
          "--prefix=true",
          "read",
          "/other/");

      assertEquals(0, store.range("/other/").entries().size());
    }
  }

  @Test
  void credentialsDoNoHarmWhereEtcdAsksForNone() throws Exception {
    try (var etcd = RealEtcd.start();
        var store = connect(etcd, "fleet", "fleetpw")) {
      assertInstanceOf(Commit.Applied.class, put(store, "/fleet/a", "1"));
    }
  }

  @Test
  void loginThatEtcdComesToAskForLaterIsMade() throws Exception {
    try (var etcd = RealEtcd.start();
        var store = connect(etcd, "root", "rootpw");
        var follower = Follower.of(store, "/fleet/", 1)) {
      assertInstanceOf(Commit.Applied.class, put(store, "/fleet/a", "1"));

      etcd.ctl("user", "add", "root:rootpw");
      etcd.ctl("user", "grant-role", "root", "root");
      etcd.ctl("auth", "enable");

      assertInstanceOf(Commit.Applied.class, put(store, "/fleet/a", "2"));
      assertEquals(2, follower.await(2).size());
    }
  }

  @Test
  void loginIsTriedAgainOnceAHumanHasActed() throws Exception {
    try (var etcd = withUsers();
        var store = connect(etcd, "fleet", "another")) {
      assertThrows(StoreException.Denied.class, () -> store.read("/fleet/a"));
      var signal = new SystemEnvironment().signal("watch");
      try (var watch = store.watch("/fleet/", 1, signal)) {
        awaitDenied(watch, signal);

        etcd.ctl("--user=root:rootpw", "user", "delete", "fleet");
        etcd.ctl("--user=root:rootpw", "user", "add", "fleet:another");
        etcd.ctl("--user=root:rootpw", "user", "grant-role", "fleet", "fleet");

        await(() -> put(store, "/fleet/a", "1") instanceof Commit.Applied);
        await(() -> !((Batch.Changes) watch.poll()).changes().isEmpty());
      }
    }
  }

  private static void awaitDenied(Watch watch, Signal signal) {
    assertThrows(
        StoreException.Denied.class,
        () -> {
          for (int i = 0; i < 50; i++) {
            watch.poll();
            signal.await(Duration.ofMillis(200));
          }
        });
  }

  /// Asks until what is denied is so no more.
  private static void await(Callable<Boolean> done) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try {
        if (done.call()) {
          return;
        }
      } catch (StoreException.Denied denied) {
        if (System.nanoTime() > end) {
          throw denied;
        }
      }
      assertTrue(System.nanoTime() < end, "it took too long");
      Thread.sleep(Duration.ofMillis(50));
    }
  }
}
