package fleet.store.served;

import com.google.protobuf.ByteString;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.store.embedded.Event;
import fleet.store.embedded.Feed;
import fleet.store.embedded.KeyRange;
import fleet.store.embedded.Ledger;
import fleet.store.wire.WatchCreateRequest;
import fleet.store.wire.WatchCreateRequest.FilterType;
import fleet.store.wire.WatchRequest;
import fleet.store.wire.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/// One client's stream of watches.
///
/// One task does everything: it takes the client's next request, asks each watch's [Feed] what
/// there is to tell, and tells it while the client takes it. A client that does not costs no
/// memory: what it has not been told stays in the ledger. Callbacks only wake the task.
final class WatchStream implements StreamObserver<WatchRequest> {

  private static final int MOST_WATCHES = 1_000;
  private static final long NO_WATCH = -1;
  private static final Duration PROGRESS = Duration.ofSeconds(30);
  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  private static final class Watcher {
    final Feed feed;
    final boolean puts;
    final boolean deletes;
    final boolean wantsProgress;
    long told;

    Watcher(Feed feed, WatchCreateRequest asked) {
      this.feed = feed;
      this.puts = !asked.getFiltersList().contains(FilterType.NOPUT);
      this.deletes = !asked.getFiltersList().contains(FilterType.NODELETE);
      this.wantsProgress = asked.getProgressNotify();
    }

    boolean wants(Event event) {
      return switch (event) {
        case Event.Put _ -> puts;
        case Event.Delete _ -> deletes;
      };
    }
  }

  private final Ledger ledger;
  private final Answers answers;
  private final Environment environment;
  private final ServerCallStreamObserver<WatchResponse> out;
  private final Signal wake;
  private final AtomicReference<Optional<WatchRequest>> request =
      new AtomicReference<>(Optional.empty());
  private volatile boolean over;

  // Touched by the task alone.
  private final TreeMap<Long, Watcher> watchers = new TreeMap<>();
  private long nextId;
  private boolean owesProgress;
  private Duration lastProgress;

  WatchStream(
      Ledger ledger,
      Answers answers,
      Environment environment,
      ServerCallStreamObserver<WatchResponse> out) {
    this.ledger = ledger;
    this.answers = answers;
    this.environment = environment;
    this.out = out;
    this.wake = environment.signal("watch stream");
    this.lastProgress = environment.uptime();
  }

  void begin() {
    out.disableAutoRequest();
    out.setOnReadyHandler(wake::raise);
    out.setOnCancelHandler(this::end);
    environment.fork("watch stream", this::run);
    out.request(1);
  }

  @Override
  public void onNext(WatchRequest next) {
    request.set(Optional.of(next)); // the one before has been taken, or this would not be here
    wake.raise();
  }

  @Override
  public void onError(Throwable gone) {
    end();
  }

  @Override
  public void onCompleted() {
    end();
  }

  private void end() {
    over = true;
    wake.raise();
  }

  private void run() throws InterruptedException {
    try {
      while (!over && ledger.isOpen()) {
        request.getAndSet(Optional.empty()).ifPresent(this::take);
        boolean toldAll = tell();
        if (toldAll) {
          tellProgress();
        }
        wake.await(PROGRESS);
      }
      if (out.isCancelled()) {
        return;
      }
      if (over) {
        out.onCompleted();
      } else {
        out.onError(Translation.refusal(Status.UNAVAILABLE, "etcdserver: server stopped"));
      }
    } finally {
      watchers.values().forEach(watcher -> watcher.feed.close());
    }
  }

  private void take(WatchRequest next) {
    switch (next.getRequestUnionCase()) {
      case CREATE_REQUEST -> create(next.getCreateRequest());
      case CANCEL_REQUEST -> cancel(next.getCancelRequest().getWatchId());
      case PROGRESS_REQUEST -> owesProgress = true;
      case REQUESTUNION_NOT_SET -> {}
    }
    out.request(1);
    wake.raise();
  }

  private void create(WatchCreateRequest asked) {
    Optional<String> refusal = refusal(asked);
    if (refusal.isPresent()) {
      send(
          WatchResponse.newBuilder()
              .setHeader(answers.header())
              .setWatchId(NO_WATCH)
              .setCreated(true)
              .setCanceled(true)
              .setCancelReason(refusal.get()));
      return;
    }
    long id = asked.getWatchId() == 0 ? freeId() : asked.getWatchId();
    long revision = ledger.revision();
    long from = asked.getStartRevision() > 0 ? asked.getStartRevision() : revision + 1;
    send(
        WatchResponse.newBuilder()
            .setHeader(answers.header(revision))
            .setWatchId(id)
            .setCreated(true));
    watchers.put(
        id, new Watcher(ledger.follow(range(asked), from, asked.getPrevKv(), wake::raise), asked));
  }

  private Optional<String> refusal(WatchCreateRequest asked) {
    KeyRange range = range(asked);
    if (range.to().isPresent() && range.to().get().compareTo(range.from()) <= 0) {
      return Optional.of("mvcc: watcher range is empty");
    }
    if (watchers.containsKey(asked.getWatchId())) {
      return asked.getWatchId() == 0
          ? Optional.empty()
          : Optional.of("mvcc: duplicate watch ID provided on the WatchStream");
    }
    return watchers.size() < MOST_WATCHES
        ? Optional.empty()
        : Optional.of("fleet: more than " + MOST_WATCHES + " watches in one stream");
  }

  private static KeyRange range(WatchCreateRequest asked) {
    return Translation.range(asked.getKey().isEmpty() ? ZERO : asked.getKey(), asked.getRangeEnd());
  }

  private long freeId() {
    while (watchers.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  private void cancel(long id) {
    Watcher watcher = watchers.remove(id);
    if (watcher != null) {
      watcher.feed.close();
      send(WatchResponse.newBuilder().setHeader(answers.header()).setWatchId(id).setCanceled(true));
    }
  }

  /// @return whether everybody has been told everything
  private boolean tell() {
    boolean all = true;
    for (long id : List.copyOf(watchers.keySet())) {
      Watcher watcher = watchers.get(id);
      if (watcher != null && out.isReady()) {
        tell(id, watcher);
      }
      all &= out.isReady();
    }
    return all;
  }

  private void tell(long id, Watcher watcher) {
    switch (watcher.feed.poll()) {
      case Feed.Told.Compacted(var oldest) -> {
        watchers.remove(id);
        watcher.feed.close();
        send(
            WatchResponse.newBuilder()
                .setHeader(answers.header())
                .setWatchId(id)
                .setCanceled(true)
                .setCompactRevision(oldest)
                .setCancelReason("etcdserver: mvcc: required revision has been compacted"));
      }
      case Feed.Told.Events(var revision, var events) -> {
        watcher.told = revision;
        List<fleet.store.wire.Event> wanted = new ArrayList<>();
        events.stream()
            .filter(watcher::wants)
            .forEach(event -> wanted.add(Translation.event(event)));
        if (!wanted.isEmpty()) {
          send(
              WatchResponse.newBuilder()
                  .setHeader(answers.header(revision))
                  .setWatchId(id)
                  .addAllEvents(wanted));
        }
      }
    }
  }

  /// Says how far everybody has been told, since whoever hears nothing cannot know.
  private void tellProgress() {
    if (owesProgress) {
      owesProgress = false;
      long least = watchers.values().stream().mapToLong(w -> w.told).min().orElse(Long.MAX_VALUE);
      sendProgress(NO_WATCH, least);
    }
    Duration now = environment.uptime();
    if (now.minus(lastProgress).compareTo(PROGRESS) >= 0) {
      lastProgress = now;
      watchers.forEach(
          (id, watcher) -> {
            if (watcher.wantsProgress) {
              sendProgress(id, watcher.told);
            }
          });
    }
  }

  private void sendProgress(long id, long told) {
    long revision = Math.min(told, ledger.revision());
    send(WatchResponse.newBuilder().setHeader(answers.header(revision)).setWatchId(id));
  }

  private void send(WatchResponse.Builder response) {
    out.onNext(response.build());
  }
}
