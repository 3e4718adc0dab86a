package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.connect;
import static fleet.store.etcd.EtcdFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Entry;
import fleet.store.wire.KVGrpc;
import fleet.store.wire.PutRequest;
import fleet.testing.store.Follower;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Contents of etcd that are large, or that a stranger has written.
@Tag("slow")
final class EtcdContentsTest {

  private static final int MEGABYTE = 1_000_000;

  /// Forty megabytes, on a machine that does much else, through a disk and two processes.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static RealEtcd etcd;
  private static EtcdStore store;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    etcd = RealEtcd.start();
    store = connect(PATIENCE, etcd.endpoint());
  }

  @AfterAll
  static void stop() throws IOException {
    store.close();
    etcd.close();
  }

  @Test
  void whatIsNotUtf8IsReadAsReplacementCharacters() throws Exception {
    ByteString strange = ByteString.copyFrom(new byte[] {'/', 's', '/', (byte) 0xff, (byte) 0xc0});
    var channel =
        NettyChannelBuilder.forAddress("127.0.0.1", etcd.endpoint().getPort())
            .usePlaintext()
            .build();
    try (var follower = Follower.of(store, "/s/", store.range("/s/").revision() + 1)) {
      var _ =
          KVGrpc.newBlockingStub(channel)
              .put(PutRequest.newBuilder().setKey(strange).setValue(strange).build());

      Change heard = follower.await(1).getFirst();

      String replaced = "/s/\ufffd\ufffd";
      long now = heard.revision();
      assertEquals(new Change.Put(replaced, new Entry(replaced, now, now, 0)), heard);
      assertEquals(
          Map.of(replaced, new Entry(replaced, now, now, 0)), store.range("/s/").entries());
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void rangeThatIsLargerThanAnyMessageComesInSmallerPages() throws Exception {
    String value = "x".repeat(MEGABYTE);
    for (int i = 0; i < 40; i++) {
      putForSure("/large/%02d".formatted(i), value);
    }

    var range = store.range("/large/");

    assertEquals(40, range.entries().size());
    assertEquals(
        40L * MEGABYTE,
        range.entries().values().stream().mapToLong(entry -> entry.value().length()).sum());
  }

  @Test
  void changesThatNobodyPollsWaitInEtcdAndAreAllTold() throws Exception {
    String padding = "x".repeat(MEGABYTE);
    List<String> expected = new ArrayList<>();
    long now = store.range("/slow").revision();
    try (var slow = Follower.of(store, "/slow", now + 1)) {
      for (int i = 0; i < 40; i++) {
        expected.add(i + padding);
        putForSure("/slow", i + padding);
      }

      List<String> told =
          slow.await(40).stream().map(change -> ((Change.Put) change).entry().value()).toList();

      assertEquals(expected, told);
    }
  }

  /// Puts it once, though the answer may come too late: a megabyte takes long on a busy disk.
  private void putForSure(String key, String value) throws InterruptedException {
    for (int attempt = 0; attempt < 10; attempt++) {
      if (put(store, key, value) instanceof Commit.Applied
          || store.read(key).map(Entry::value).equals(Optional.of(value))) {
        return;
      }
    }
    throw new AssertionError(key + " could not be put");
  }
}
