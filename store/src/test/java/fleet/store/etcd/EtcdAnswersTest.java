package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.assertSays;
import static fleet.store.etcd.EtcdFixture.connect;
import static fleet.store.etcd.EtcdFixture.put;
import static fleet.store.etcd.FakeEtcd.answer;
import static fleet.store.etcd.FakeEtcd.failure;
import static fleet.store.etcd.FakeEtcd.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.StoreException;
import fleet.store.wire.Event;
import fleet.store.wire.KeyValue;
import fleet.store.wire.RangeResponse;
import fleet.store.wire.TxnResponse;
import fleet.store.wire.WatchResponse;
import fleet.testing.store.Follower;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What becomes of answers that a real etcd gives rarely.
@Tag("slow")
final class EtcdAnswersTest {

  private static final RangeResponse NOTHING =
      RangeResponse.newBuilder().setHeader(header(5)).build();
  private static final TxnResponse APPLIED =
      TxnResponse.newBuilder().setHeader(header(7)).setSucceeded(true).build();

  private FakeEtcd etcd;
  private EtcdStore store;

  @BeforeEach
  void start() throws IOException {
    etcd = new FakeEtcd();
    store = connect(etcd.endpoint());
  }

  @AfterEach
  void stop() {
    store.close();
    etcd.close();
  }

  private static KeyValue bound(String key, long revision) {
    return KeyValue.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setCreateRevision(revision)
        .setModRevision(revision)
        .build();
  }

  private static RangeResponse page(long revision, boolean more, String key) {
    return RangeResponse.newBuilder()
        .setHeader(header(revision))
        .setMore(more)
        .addKvs(bound(key, 1))
        .build();
  }

  @Test
  void commitThatEtcdGaveUpOnIsUnknownAndNotRepeated() throws Exception {
    etcd.transactions.add(failure(Status.Code.UNAVAILABLE, "etcdserver: request timed out"));
    etcd.transactions.add(answer(APPLIED));

    var unknown = assertInstanceOf(Commit.Unknown.class, put(store, "a", "1"));

    assertEquals(
        "etcd "
            + etcd.endpoint()
            + ": commit of 1 changes, first of a: etcdserver: request timed out",
        unknown.cause());
  }

  @Test
  void readThatEtcdGaveUpOnIsRepeated() throws Exception {
    etcd.ranges.add(failure(Status.Code.UNAVAILABLE, "etcdserver: request timed out"));
    etcd.ranges.add(failure(Status.Code.UNAVAILABLE, "etcdserver: leader changed"));
    etcd.ranges.add(answer(NOTHING));

    assertEquals(5, store.range("a").revision());
  }

  @Test
  void commitThatWasCertainlyNotDoneIsRepeated() throws Exception {
    etcd.transactions.add(failure(Status.Code.UNAVAILABLE, "etcdserver: no leader"));
    etcd.transactions.add(failure(Status.Code.UNAVAILABLE, "etcdserver: not capable"));
    etcd.transactions.add(failure(Status.Code.RESOURCE_EXHAUSTED, "etcdserver: too many requests"));
    etcd.transactions.add(answer(APPLIED));

    assertEquals(new Commit.Applied(7), put(store, "a", "1"));
  }

  @Test
  void memberWithoutALeaderIsLeftForTheNext() throws Exception {
    try (var other = new FakeEtcd();
        var several = connect(etcd.endpoint(), other.endpoint())) {
      etcd.transactions.add(failure(Status.Code.UNAVAILABLE, "etcdserver: no leader"));
      other.transactions.add(answer(APPLIED));

      assertEquals(new Commit.Applied(7), put(several, "a", "1"));
      assertEquals(new Commit.Applied(7), put(several, "a", "1"));
    }
  }

  @Test
  void storeWithoutSpaceDeniesAndSaysSo() {
    etcd.transactions.add(
        failure(Status.Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"));

    assertSays(
        "database space exceeded",
        assertThrows(StoreException.Denied.class, () -> put(store, "a", "1")));
  }

  @Test
  void whatIsNoEtcdDenies() {
    etcd.ranges.add(failure(Status.Code.UNIMPLEMENTED, "unknown service etcdserverpb.KV"));

    assertSays(
        "range a: unknown service",
        assertThrows(StoreException.Denied.class, () -> store.range("a")));
  }

  @Test
  void pagesAreReadAtTheRevisionOfTheFirst() throws Exception {
    etcd.ranges.add(answer(page(9, true, "a1")));
    etcd.ranges.add(answer(page(12, false, "a2")));

    var range = store.range("a");

    assertEquals(9, range.revision());
    assertEquals(List.of("a1", "a2"), List.copyOf(range.entries().keySet()));
    assertEquals(9, etcd.asked.get(1).getRevision());
    assertEquals("a1\u0000", etcd.asked.get(1).getKey().toStringUtf8());
  }

  @Test
  void rangeIsReadAnewWhenACompactionComesBetweenItsPages() throws Exception {
    etcd.ranges.add(answer(page(9, true, "a1")));
    etcd.ranges.add(
        failure(
            Status.Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"));
    etcd.ranges.add(answer(page(12, false, "a3")));

    var range = store.range("a");

    assertEquals(12, range.revision());
    assertEquals(List.of("a3"), List.copyOf(range.entries().keySet()));
  }

  @Test
  void rangeThatIsAlwaysCompactedIsUnavailable() {
    etcd.ranges.add(
        failure(
            Status.Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"));

    assertSays(
        "range a: compacted 3 times while it was read",
        assertThrows(StoreException.Unavailable.class, () -> store.range("a")));
  }

  @Test
  void watchWaitsForAMemberThatIsBehind() throws Exception {
    etcd.ranges.add(answer(NOTHING));
    etcd.watches.add(
        List.of(created(5), events(5, false, event("a", 5)), cancelledBy("etcdserver: no leader")));
    etcd.watches.add(List.of(created(3)));
    etcd.watches.add(List.of(created(6), events(6, false, event("b", 6))));

    try (var follower = Follower.of(store, "", 5)) {

      assertEquals(List.of(change("a", 5), change("b", 6)), follower.await(2));
    }
  }

  @Test
  void revisionThatComesInPartsIsToldWhole() throws Exception {
    etcd.ranges.add(answer(NOTHING));
    etcd.watches.add(
        List.of(
            created(5),
            events(6, true, event("a", 5), event("b", 6)),
            cancelledBy("etcdserver: the stream breaks between two parts")));
    etcd.watches.add(
        List.of(
            created(6),
            events(6, true, event("a", 5), event("b", 6)),
            events(6, false, event("c", 6))));

    try (var follower = Follower.of(store, "", 5)) {

      assertEquals(List.of(change("a", 5), change("b", 6), change("c", 6)), follower.await(3));
    }
  }

  private static WatchResponse created(long revision) {
    return WatchResponse.newBuilder().setHeader(header(revision)).setCreated(true).build();
  }

  private static WatchResponse cancelledBy(String reason) {
    return WatchResponse.newBuilder().setCanceled(true).setCancelReason(reason).build();
  }

  private static WatchResponse events(long revision, boolean fragment, Event... events) {
    return WatchResponse.newBuilder()
        .setHeader(header(revision))
        .setFragment(fragment)
        .addAllEvents(new ArrayList<>(List.of(events)))
        .build();
  }

  private static Event event(String key, long revision) {
    return Event.newBuilder().setKv(bound(key, revision)).build();
  }

  private static Change change(String key, long revision) {
    return new Change.Put(key, new Entry("", revision, revision, 0));
  }
}
