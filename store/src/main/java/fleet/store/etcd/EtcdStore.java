package fleet.store.etcd;

import com.google.protobuf.ByteString;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Spans;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Requests;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import fleet.store.wire.KVGrpc;
import fleet.store.wire.KeyValue;
import fleet.store.wire.LeaseGrantRequest;
import fleet.store.wire.LeaseGrantResponse;
import fleet.store.wire.LeaseGrpc;
import fleet.store.wire.LeaseKeepAliveRequest;
import fleet.store.wire.LeaseKeepAliveResponse;
import fleet.store.wire.LeaseRevokeRequest;
import fleet.store.wire.LeaseRevokeResponse;
import fleet.store.wire.LeaseTimeToLiveRequest;
import fleet.store.wire.LeaseTimeToLiveResponse;
import fleet.store.wire.RangeRequest;
import fleet.store.wire.RangeResponse;
import fleet.store.wire.TxnResponse;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The store in etcd v3, or in whatever else speaks its protocol.
///
/// A [Link] keeps one connection up; a [Client] asks on it, and again where that can do no harm; an
/// [EtcdWatch] follows changes across connections. This class only says things in etcd's words and
/// understands its answers. gRPC's threads end at the callbacks of [Exchange] and [EtcdWatch].
public final class EtcdStore implements Store {

  private static final int PAGE = 1_000;

  /// How often a range is begun anew because a compaction came between two of its pages.
  private static final int RANGE_ATTEMPTS = 3;

  private final Environment environment = new SystemEnvironment();
  private final EtcdOptions options;
  private final String name;
  private final Link link;
  private final Client client;

  private EtcdStore(EtcdOptions options) {
    this.options = options;
    this.name = name(options);
    this.link =
        new Link(
            environment,
            new Connector(environment, options),
            options.credentials(),
            options.requestTimeout());
    this.client = new Client(environment, link, options.requestTimeout());
  }

  private static String name(EtcdOptions options) {
    return "etcd "
        + options.endpoints().stream().map(URI::toString).collect(Collectors.joining(", "))
        + options.credentials().map(user -> " as " + user.username()).orElse("");
  }

  /// Makes a client. It connects in the background, and again whenever it must.
  ///
  /// @throws IllegalArgumentException if an option cannot be: an endpoint that is no URL, a file
  ///     that cannot be read
  public static EtcdStore connect(EtcdOptions options) {
    return new EtcdStore(options);
  }

  /// Each page is a request of its own, with its own time limit.
  @Override
  public Range range(String prefix) throws InterruptedException {
    String asked = "range " + prefix;
    Requests.checkPrefix(prefix);
    for (int i = 0; i < RANGE_ATTEMPTS; i++) {
      Optional<Range> range = pages(asked, prefix, 0);
      if (range.isPresent()) {
        return range.get();
      }
    }
    throw new StoreException.Unavailable(
        message(asked, "compacted " + RANGE_ATTEMPTS + " times while it was read"));
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    Requests.checkPrefix(prefix);
    // Revision 0 would mean the present one.
    long at = Math.max(1, revision);
    Optional<Range> range = pages("range " + prefix + " at revision " + at, prefix, at);
    if (range.isEmpty()) {
      throw new StoreException.Compacted(revision, oldest(prefix, at));
    }
    return range.get();
  }

  /// Reads page after page at one revision; empty if that has been compacted.
  private Optional<Range> pages(String asked, String prefix, long at) throws InterruptedException {
    var entries = new TreeMap<String, Entry>();
    Keys.Span rest = Keys.under(prefix);
    long revision = at;
    int limit = PAGE;
    while (true) {
      RangeRequest question =
          RangeRequest.newBuilder()
              .setKey(rest.first())
              .setRangeEnd(rest.end())
              .setRevision(revision)
              .setLimit(limit)
              .build();
      switch (client.ask(KVGrpc.getRangeMethod(), question, true)) {
        case Reply.Answer<RangeResponse>(var page) -> {
          for (KeyValue bound : page.getKvsList()) {
            entries.put(bound.getKey().toStringUtf8(), entry(bound));
          }
          revision = revision == 0 ? page.getHeader().getRevision() : revision;
          if (!page.getMore()) {
            return Optional.of(new Range(revision, entries));
          }
          rest = rest.after(page.getKvs(page.getKvsCount() - 1).getKey());
        }
        case Reply.Refusal<RangeResponse>(var status) when isCompacted(status) -> {
          return Optional.empty();
        }
        case Reply.Refusal<RangeResponse> refusal when isTooLarge(refusal.status()) -> {
          if (limit == 1) {
            throw failed(asked, refusal);
          }
          limit = Math.max(1, limit / 8);
        }
        case Reply.Failure<RangeResponse> failure -> throw failed(asked, failure);
      }
    }
  }

  private static boolean isCompacted(Status status) {
    return status.getCode() == Status.Code.OUT_OF_RANGE && Reply.says(status, "compacted");
  }

  private static boolean isTooLarge(Status status) {
    return status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
  }

  /// The oldest revision that can still be read, which etcd tells only those who watch.
  private long oldest(String prefix, long gone) throws InterruptedException {
    Limit limit = Limit.in(environment, options.requestTimeout());
    Signal told = environment.signal("etcd: oldest");
    try (var watch = watch(prefix, gone, told)) {
      while (!limit.isOver()) {
        if (watch.poll() instanceof Batch.Compacted(var oldest)) {
          return oldest;
        }
        told.await(limit.remaining());
      }
    }
    return gone + 1;
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    Requests.checkKey(key);
    var question = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
    return answer("read " + key, KVGrpc.getRangeMethod(), question).getKvsList().stream()
        .findFirst()
        .map(EtcdStore::entry);
  }

  static Entry entry(KeyValue bound) {
    return new Entry(
        bound.getValue().toStringUtf8(),
        bound.getCreateRevision(),
        bound.getModRevision(),
        bound.getLease());
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    Requests.checkTransaction(when, then);
    String asked = "commit of " + then.size() + " changes" + firstKey(then);
    return switch (client.ask(KVGrpc.getTxnMethod(), Transactions.request(when, then), false)) {
      case Reply.Answer<TxnResponse>(var answer) ->
          answer.getSucceeded()
              ? new Commit.Applied(answer.getHeader().getRevision())
              : new Commit.Refused(answer.getHeader().getRevision());
      case Reply.Refusal<TxnResponse> refusal -> throw failed(asked, refusal);
      case Reply.Failure<TxnResponse> lost -> new Commit.Unknown(message(asked, lost.why()));
    };
  }

  private static String firstKey(List<Op> ops) {
    return ops.isEmpty() ? "" : ", first of " + ops.getFirst().key();
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    Requests.checkTtl(ttl);
    long seconds = ttl.plusNanos(999_999_999).toSeconds();
    var question = LeaseGrantRequest.newBuilder().setTTL(seconds).build();
    LeaseGrantResponse answer =
        answer("grant of a lease of " + Spans.text(ttl), LeaseGrpc.getLeaseGrantMethod(), question);
    return answer.getID();
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    var question = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
    LeaseKeepAliveResponse answer =
        answer("keep alive lease " + lease, LeaseGrpc.getLeaseKeepAliveMethod(), question);
    return answer.getTTL() > 0;
  }

  @Override
  public Optional<Life> life(long lease) throws InterruptedException {
    var question = LeaseTimeToLiveRequest.newBuilder().setID(lease).build();
    LeaseTimeToLiveResponse answer =
        answer("life of lease " + lease, LeaseGrpc.getLeaseTimeToLiveMethod(), question);
    return answer.getTTL() < 0
        ? Optional.empty()
        : Optional.of(
            new Life(
                Duration.ofSeconds(answer.getGrantedTTL()), Duration.ofSeconds(answer.getTTL())));
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    var question = LeaseRevokeRequest.newBuilder().setID(lease).build();
    switch (client.ask(LeaseGrpc.getLeaseRevokeMethod(), question, true)) {
      case Reply.Answer<LeaseRevokeResponse> _ -> {}
      case Reply.Refusal<LeaseRevokeResponse>(var status) when isNotFound(status) -> {
        // As was wanted.
      }
      case Reply.Failure<LeaseRevokeResponse> failure ->
          throw failed("revoke lease " + lease, failure);
    }
  }

  private static boolean isNotFound(Status status) {
    return status.getCode() == Status.Code.NOT_FOUND;
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    Requests.checkPrefix(prefix);
    return new EtcdWatch(
        environment, link, client, message("watch " + prefix), prefix, fromRevision, signal);
  }

  private <Q, A> A answer(String asked, MethodDescriptor<Q, A> method, Q question)
      throws InterruptedException {
    return switch (client.ask(method, question, true)) {
      case Reply.Answer<A>(var answer) -> answer;
      case Reply.Failure<A> failure -> throw failed(asked, failure);
    };
  }

  private StoreException failed(String asked, Reply.Failure<?> failure) {
    String message = message(asked, failure.why());
    Throwable cause = failure.status().asException();
    if (failure instanceof Reply.Refusal && takesNothing(failure.status())) {
      return new StoreException.Unwritable(message, cause);
    }
    boolean yetToCome = Reply.says(failure.status(), "future revision");
    return failure instanceof Reply.Refusal && !yetToCome
        ? new StoreException.Denied(message, cause)
        : new StoreException.Unavailable(message, cause);
  }

  /// Whether an embedded store that is served says so of its disk, which it goes on trying. etcd's
  /// own "database space exceeded" has nothing after it, and lasts until a human has acted.
  private static boolean takesNothing(Status status) {
    return Reply.says(status, "database space exceeded: ")
        || Reply.says(status, "fleet: store cannot be written: ");
  }

  private String message(String... parts) {
    return name + ": " + String.join(": ", parts);
  }

  @Override
  public void close() {
    link.close();
  }
}
