package fleet.store.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Op;
import fleet.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whoever knows etcdctl can look at the embedded store with it, and change it.
@Timeout(60)
@Tag("slow")
final class EtcdctlTest {

  @TempDir private Path directory;

  private EmbeddedStore store;
  private ServedStore served;
  private Etcdctl etcdctl;

  @BeforeEach
  void serve() throws IOException {
    store = EmbeddedStore.open(directory);
    served = ServedStoreTest.serve(store);
    etcdctl = new Etcdctl(ServedStoreTest.endpoint(served));
  }

  @AfterEach
  void close() {
    served.close();
    store.close();
  }

  @Test
  void putAndGet() throws Exception {
    assertEquals("OK\n", etcdctl.run("put", "a", "1"));
    assertEquals("OK\na\n1\n", etcdctl.run("put", "--prev-kv", "a", "2"));
    assertEquals("a\n2\n", etcdctl.run("get", "a"));
    assertEquals("a\n1\n", etcdctl.run("get", "--rev=2", "a"));
    assertEquals("", etcdctl.run("get", "b"));
    assertEquals(new Entry("2", 2, 3, 0), store.read("a").orElseThrow());
  }

  @Test
  void getOfManyKeysInAnyOrder() throws Exception {
    for (String key : List.of("a/3", "a/1", "a/2", "b")) {
      etcdctl.run("put", key, "of " + key);
    }
    etcdctl.run("put", "a/1", "z");

    assertEquals("a/1\nz\na/2\nof a/2\na/3\nof a/3\n", etcdctl.run("get", "--prefix", "a/"));
    assertEquals(
        "a/1\n\na/2\n\n", etcdctl.run("get", "--prefix", "--keys-only", "--limit=2", "a/"));
    assertEquals(
        "a/3\na/2\na/1\n",
        etcdctl
            .run("get", "--prefix", "--keys-only", "--order=DESCEND", "a/")
            .replace("\n\n", "\n"));
    assertEquals(
        "a/3\na/2\na/1\n",
        etcdctl
            .run("get", "--prefix", "--keys-only", "--sort-by=MODIFY", "a/")
            .replace("\n\n", "\n"));
    assertEquals(
        "a/1\na/2\na/3\n",
        etcdctl
            .run("get", "--prefix", "--keys-only", "--sort-by=VERSION", "--order=DESCEND", "a/")
            .replace("\n\n", "\n"));
    assertEquals("a/2\nof a/2\na/3\nof a/3\nb\nof b\n", etcdctl.run("get", "--from-key", "a/2"));
    assertEquals("a/2\nof a/2\n", etcdctl.run("get", "a/2", "a/3"));
    assertTrue(etcdctl.run("get", "--prefix", "", "-w=fields").contains("\"Count\" : 4"));
  }

  @Test
  void getAsJson() throws Exception {
    etcdctl.run("put", "a", "1");

    String json = etcdctl.run("get", "-w=json", "a");

    assertTrue(json.contains("\"revision\":2"), json);
    assertTrue(
        json.contains(
            "\"kvs\":[{\"key\":\"YQ==\",\"create_revision\":2,\"mod_revision\":2,\"version\":1,\"value\":\"MQ==\"}],\"count\":1"),
        json);
  }

  @Test
  void del() throws Exception {
    for (String key : List.of("a/1", "a/2", "b")) {
      etcdctl.run("put", key, "");
    }

    assertEquals("0\n", etcdctl.run("del", "absent"));
    assertEquals("2\n", etcdctl.run("del", "--prefix", "a/"));
    assertEquals("1\nb\n\n", etcdctl.run("del", "--prev-kv", "b"));
    assertEquals(0, store.range("").entries().size());
  }

  @Test
  void txn() throws Exception {
    etcdctl.run("put", "a", "1");
    String conditions = "value(\"a\") = \"1\"\nmod(\"a\") < \"3\"\nversion(\"b\") = \"0\"\n\n";
    String then = "put b 2\nget a\ndel a\n\n";
    String otherwise = "get b\n\n";

    var first = etcdctl.tryRun(conditions + then + otherwise, "txn");
    var second = etcdctl.tryRun(conditions + then + otherwise, "txn");

    assertEquals(new Etcdctl.Result(0, "SUCCESS\n\nOK\n\na\n1\n\n1\n"), first);
    assertEquals(new Etcdctl.Result(0, "FAILURE\n\nb\n2\n"), second);
    assertEquals(new Entry("2", 3, 3, 0), store.read("b").orElseThrow());
  }

  @Test
  void txnThatPutsAKeyTwiceIsRefused() throws Exception {
    var result = etcdctl.tryRun("\nput a 1\nput a 2\n\n\n", "txn");

    assertNotEquals(0, result.exit());
    assertTrue(result.output().contains("duplicate key given in txn request"), result.output());
  }

  @Test
  void watch() throws Exception {
    etcdctl.run("put", "a/1", "before");
    try (var watch = etcdctl.follow("watch", "--prefix", "a/", "--rev=2");
        var withPrevious = etcdctl.follow("watch", "a/1", "--rev=3", "--prev-kv")) {
      assertEquals(List.of("PUT", "a/1", "before"), watch.take(3));

      etcdctl.run("put", "b", "not watched");
      etcdctl.run("put", "a/1", "after");
      etcdctl.run("del", "a/1");
      store.commit(List.of(), List.of(new Op.Put("a/2", "by the holder", 0)));

      assertEquals(
          List.of("PUT", "a/1", "after", "DELETE", "a/1", "", "PUT", "a/2", "by the holder"),
          watch.take(9));
      assertEquals(
          List.of("PUT", "a/1", "before", "a/1", "after", "DELETE", "a/1", "after", "a/1", ""),
          withPrevious.take(10));
    }
  }

  @Test
  void watchFromACompactedRevision() throws Exception {
    for (String value : List.of("1", "2", "3")) {
      etcdctl.run("put", "a", value);
    }
    assertEquals("compacted revision 4\n", etcdctl.run("compaction", "4"));

    var watch = etcdctl.tryRun("", "watch", "a", "--rev=2");
    var get = etcdctl.tryRun("", "get", "a", "--rev=2");

    assertTrue(watch.output().contains("required revision has been compacted"), watch.output());
    assertTrue(get.output().contains("required revision has been compacted"), get.output());
    assertNotEquals(0, get.exit());
  }

  @Test
  void lease() throws Exception {
    String granted = etcdctl.run("lease", "grant", "60");
    String id = granted.split(" ")[1];
    assertEquals("lease " + id + " granted with TTL(60s)\n", granted);
    etcdctl.run("put", "--lease=" + id, "a", "1");

    assertEquals(
        "lease " + id + " keepalived with TTL(60)\n",
        etcdctl.run("lease", "keep-alive", "--once", id));
    try (var keepAlive = etcdctl.follow("lease", "keep-alive", id)) {
      assertEquals(List.of("lease " + id + " keepalived with TTL(60)"), keepAlive.take(1));
    }
    String life = etcdctl.run("lease", "timetolive", "--keys", id);
    assertTrue(
        life.matches(
            "lease "
                + id
                + " granted with TTL\\(60s\\), remaining\\(5\\ds\\), attached keys\\(\\[a\\]\\)\n"),
        life);
    assertEquals("found 1 leases\n" + id + "\n", etcdctl.run("lease", "list"));
    assertEquals(Long.parseLong(id, 16), store.read("a").orElseThrow().lease());
    assertEquals("lease " + id + " revoked\n", etcdctl.run("lease", "revoke", id));
    assertEquals("", etcdctl.run("get", "a"));
    assertTrue(etcdctl.run("lease", "timetolive", id).contains("already expired"));
    assertTrue(
        etcdctl.tryRun("", "put", "--lease=" + id, "a", "1").output().contains("lease not found"));
  }

  @Test
  void aboutTheServer() throws Exception {
    String status = etcdctl.run("endpoint", "status");
    String members = etcdctl.run("member", "list");

    assertTrue(
        status.startsWith(ServedStoreTest.endpoint(served).getAuthority() + ", ")
            || status.startsWith(ServedStoreTest.endpoint(served) + ", "),
        status);
    assertTrue(status.contains(", 3.4.0+fleet, "), status);
    assertTrue(members.contains(", started, fleet, "), members);
    assertTrue(members.contains(ServedStoreTest.endpoint(served).toString()), members);
    assertTrue(etcdctl.run("endpoint", "health").contains("is healthy"));
  }

  @Test
  void lockAndElectionOfEtcdctlItself() throws Exception {
    assertEquals("locked\n", etcdctl.run("lock", "mutex", "echo", "locked"));
    try (var election = etcdctl.follow("elect", "leader", "me")) {
      assertEquals("me", election.take(2).get(1));
    }
  }
}
