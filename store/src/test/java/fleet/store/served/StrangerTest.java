package fleet.store.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import fleet.cluster.store.Store.Op;
import fleet.store.embedded.EmbeddedStore;
import fleet.store.wire.CompactionRequest;
import fleet.store.wire.Compare;
import fleet.store.wire.DeleteRangeRequest;
import fleet.store.wire.KVGrpc;
import fleet.store.wire.LeaseGrantRequest;
import fleet.store.wire.LeaseGrpc;
import fleet.store.wire.LeaseRevokeRequest;
import fleet.store.wire.PutRequest;
import fleet.store.wire.RangeRequest;
import fleet.store.wire.RequestOp;
import fleet.store.wire.TxnRequest;
import fleet.store.wire.WatchCancelRequest;
import fleet.store.wire.WatchCreateRequest;
import fleet.store.wire.WatchGrpc;
import fleet.store.wire.WatchProgressRequest;
import fleet.store.wire.WatchRequest;
import fleet.store.wire.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a stranger sends gets a clear answer, and hurts nobody.
@Timeout(60)
@Tag("slow")
final class StrangerTest {

  private static final ByteString NO_TEXT =
      ByteString.copyFrom(new byte[] {(byte) 0xc3, 0x28, (byte) 0xff});

  @TempDir private Path directory;

  private EmbeddedStore store;
  private ServedStore served;
  private ManagedChannel channel;
  private KVGrpc.KVBlockingStub kv;

  @BeforeEach
  void serve() throws IOException {
    store = EmbeddedStore.open(directory);
    served = ServedStoreTest.serve(store);
    var uri = ServedStoreTest.endpoint(served);
    channel = NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).usePlaintext().build();
    kv = KVGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow();
    assertTrue(channel.awaitTermination(10, TimeUnit.SECONDS));
    served.close();
    store.close();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static void assertRefused(Status.Code code, String why, Executable request) {
    var refusal = assertThrows(StatusRuntimeException.class, request);
    assertEquals(code, refusal.getStatus().getCode());
    assertEquals(why, refusal.getStatus().getDescription());
  }

  private static PutRequest put(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
  }

  @Test
  void requestsThatCannotBeAreRefusedInTheWordsOfEtcd() {
    var noKey = Status.Code.INVALID_ARGUMENT;
    String key = "etcdserver: key is not provided";
    assertRefused(noKey, key, () -> kv.range(RangeRequest.getDefaultInstance()));
    assertRefused(noKey, key, () -> kv.put(PutRequest.getDefaultInstance()));
    assertRefused(noKey, key, () -> kv.deleteRange(DeleteRangeRequest.getDefaultInstance()));
    assertRefused(
        noKey,
        key,
        () -> kv.txn(TxnRequest.newBuilder().addCompare(Compare.getDefaultInstance()).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: value is provided",
        () -> kv.put(put("a", "1").toBuilder().setIgnoreValue(true).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: lease is provided",
        () -> kv.put(put("a", "1").toBuilder().setIgnoreLease(true).setLease(7).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: key not found",
        () -> kv.put(put("a", "").toBuilder().setIgnoreValue(true).build()));
    assertRefused(
        Status.Code.NOT_FOUND,
        "etcdserver: requested lease not found",
        () -> kv.put(put("a", "1").toBuilder().setLease(-7).build()));
    assertRefused(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision is a future revision",
        () -> kv.range(RangeRequest.newBuilder().setKey(bytes("a")).setRevision(99).build()));
    assertRefused(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision is a future revision",
        () -> kv.compact(CompactionRequest.newBuilder().setRevision(Long.MAX_VALUE).build()));
    assertRefused(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision has been compacted",
        () -> kv.compact(CompactionRequest.newBuilder().setRevision(Long.MIN_VALUE).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: invalid sort option",
        () -> kv.range(RangeRequest.newBuilder().setKey(bytes("a")).setSortOrderValue(9).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "fleet: comparison with an unknown target",
        () ->
            kv.txn(
                TxnRequest.newBuilder()
                    .addCompare(Compare.newBuilder().setKey(bytes("a")).setTargetValue(9))
                    .build()));
    assertEquals(1, store.ledger().revision());
  }

  @Test
  void leasesThatCannotBeAreRefused() {
    var lease = LeaseGrpc.newBlockingStub(channel);
    assertRefused(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: too large lease TTL",
        () -> lease.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(Long.MAX_VALUE).build()));
    assertRefused(
        Status.Code.NOT_FOUND,
        "etcdserver: requested lease not found",
        () -> lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(-1).build()));
    lease.leaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60).build());
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: lease already exists",
        () -> lease.leaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60).build()));

    assertEquals(1, lease.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(-5).build()).getTTL());
  }

  @Test
  void oddNumbersMeanWhatTheyMeanToEtcd() {
    kv.put(put("a", "1"));
    var odd = RangeRequest.newBuilder().setKey(bytes("a")).setRevision(-5).setLimit(Long.MIN_VALUE);

    assertEquals(1, kv.range(odd.build()).getKvsCount());
    assertEquals(0, kv.range(odd.setRangeEnd(bytes("A")).build()).getKvsCount());
    assertEquals(
        0,
        kv.deleteRange(
                DeleteRangeRequest.newBuilder().setKey(bytes("z")).setRangeEnd(bytes("a")).build())
            .getDeleted());
  }

  @Test
  void whatIsTooMuchIsRefused() throws Exception {
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: request is too large",
        () -> kv.put(put("a", "x".repeat(1_600_000))));
    assertEquals(
        Status.Code.RESOURCE_EXHAUSTED,
        assertThrows(StatusRuntimeException.class, () -> kv.put(put("a", "x".repeat(3_000_000))))
            .getStatus()
            .getCode());
    var ops = TxnRequest.newBuilder();
    for (int i = 0; i < 129; i++) {
      ops.addFailure(RequestOp.newBuilder().setRequestPut(put("k" + i, "")));
    }
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: too many operations in txn request",
        () -> kv.txn(ops.build()));
    var deep = TxnRequest.newBuilder().build();
    for (int i = 0; i < 200; i++) {
      deep = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestTxn(deep)).build();
    }
    TxnRequest deepest = deep;
    assertThrows(StatusRuntimeException.class, () -> kv.txn(deepest));
    for (int i = 0; i < 12; i++) {
      store.commit(List.of(), List.of(new Op.Put("large" + i, "x".repeat(1_450_000), 0)));
    }
    var everything = RangeRequest.newBuilder().setKey(bytes("\0")).setRangeEnd(bytes("\0")).build();
    var refusal = assertThrows(StatusRuntimeException.class, () -> kv.range(everything));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("ask for it in parts"), refusal.toString());
    assertEquals(12, kv.range(everything.toBuilder().setCountOnly(true).build()).getCount());
    assertEquals(2, kv.range(everything.toBuilder().setLimit(2).build()).getKvsCount());
  }

  @Test
  void whatIsNoTextIsKeptAsItIsAndReadAsItCanBe() throws Exception {
    kv.put(PutRequest.newBuilder().setKey(NO_TEXT).setValue(NO_TEXT).build());

    var kept = kv.range(RangeRequest.newBuilder().setKey(NO_TEXT).build());
    var read = store.range("").entries();

    assertEquals(NO_TEXT, kept.getKvs(0).getValue());
    assertEquals("\ufffd(\ufffd", read.firstKey());
    assertEquals("\ufffd(\ufffd", read.firstEntry().getValue().value());
  }

  /// What a watch stream says.
  private static final class Heard implements StreamObserver<WatchResponse> {
    final BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();

    @Override
    public void onNext(WatchResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable failed) {
      responses.add(WatchResponse.newBuilder().setCancelReason(failed.toString()).build());
    }

    @Override
    public void onCompleted() {
      responses.add(WatchResponse.newBuilder().setCancelReason("completed").build());
    }

    WatchResponse next() throws InterruptedException {
      WatchResponse next = responses.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the watch says nothing");
      }
      return next;
    }
  }

  private static WatchRequest create(WatchCreateRequest.Builder create) {
    return WatchRequest.newBuilder().setCreateRequest(create).build();
  }

  private static WatchCreateRequest.Builder everything() {
    return WatchCreateRequest.newBuilder().setRangeEnd(bytes("\0"));
  }

  @Test
  void oneStreamCarriesManyWatches() throws Exception {
    var heard = new Heard();
    var requests = WatchGrpc.newStub(channel).watch(heard);
    requests.onNext(create(everything()));
    assertTrue(heard.next().getCreated());
    requests.onNext(
        create(everything().setWatchId(7).addFilters(WatchCreateRequest.FilterType.NOPUT)));
    assertEquals(7, heard.next().getWatchId());
    requests.onNext(create(everything().setWatchId(7)));
    assertEquals(
        "mvcc: duplicate watch ID provided on the WatchStream", heard.next().getCancelReason());
    requests.onNext(create(everything().setKey(bytes("b")).setRangeEnd(bytes("a"))));
    assertEquals("mvcc: watcher range is empty", heard.next().getCancelReason());
    requests.onNext(WatchRequest.getDefaultInstance());
    requests.onNext(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(99))
            .build());

    kv.put(put("a", "1"));
    assertEquals(0, heard.next().getWatchId());
    kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(bytes("a")).build());
    assertEquals(
        7 + 0, heard.next().getWatchId() + heard.next().getWatchId(), "both hear of a deletion");
    requests.onNext(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(0))
            .build());
    assertTrue(heard.next().getCanceled());
    requests.onNext(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
    WatchResponse progress = heard.next();
    assertEquals(-1, progress.getWatchId());
    assertEquals(3, progress.getHeader().getRevision());
    requests.onCompleted();
    assertEquals("completed", heard.next().getCancelReason());
  }

  @Test
  void watcherWhoDoesNotListenHoldsUpNobody() throws Exception {
    WatchGrpc.newStub(channel).watch(new Heard()).onNext(create(everything()));
    var uri = ServedStoreTest.endpoint(served);
    try (var deaf = new Socket(uri.getHost(), uri.getPort())) {
      // An HTTP/2 client that opens no window: its preface, and then silence.
      deaf.getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 50; i++) {
        kv.put(put("a", "x".repeat(100_000)));
      }
    }

    assertEquals(51, store.range("").revision());
  }

  @Test
  void whatIsNoHttpIsNoHarm() throws Exception {
    var uri = ServedStoreTest.endpoint(served);
    for (String garbage : List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\0", "x".repeat(100_000))) {
      try (var socket = new Socket(uri.getHost(), uri.getPort())) {
        socket.getOutputStream().write(garbage.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        socket.setSoTimeout(20_000);
        socket.getInputStream().readAllBytes();
      } catch (IOException broken) {
        // As it may be.
      }
    }

    assertEquals(2, kv.put(put("a", "1")).getHeader().getRevision());
  }

  @Test
  void addressThatIsTakenIsNamedAndNothingIsLeftListening() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var inUse = new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());

      var failure =
          assertThrows(
              IOException.class,
              () -> ServedStore.serve(store, List.of(free, inUse), Optional.empty()));

      assertEquals(
          "the store cannot be served at 127.0.0.1:%d: Address already in use"
              .formatted(taken.getLocalPort()),
          String.valueOf(failure.getMessage()).replace("localhost", "127.0.0.1"));
    }
  }

  @Test
  void itListensOnlyWhereItWasTold() {
    assertEquals(1, served.addresses().size());
    assertTrue(served.addresses().getFirst().getAddress().isLoopbackAddress());
  }

  @Test
  void whoWatchesIsToldWhenTheStoreIsClosed() throws Exception {
    var heard = new Heard();
    WatchGrpc.newStub(channel).watch(heard).onNext(create(everything()));
    assertTrue(heard.next().getCreated());

    store.close();

    String reason = heard.next().getCancelReason();
    assertTrue(reason.contains("UNAVAILABLE"), reason);
    assertEquals(
        Status.Code.UNAVAILABLE,
        assertThrows(StatusRuntimeException.class, () -> kv.put(put("a", "1")))
            .getStatus()
            .getCode());
  }
}
