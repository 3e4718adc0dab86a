package fleet.store.etcd;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.StoreException;
import fleet.store.wire.KVGrpc;
import fleet.store.wire.RangeRequest;
import fleet.store.wire.RangeResponse;
import fleet.store.wire.WatchCreateRequest;
import fleet.store.wire.WatchGrpc;
import fleet.store.wire.WatchRequest;
import fleet.store.wire.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A watch that outlives its connections.
///
/// A task opens a stream on whatever connection there is, and another when it ends, from the
/// revision after the last that was told whole. What arrives is kept until it is polled; the server
/// is asked for more only while little is kept, so a slow reader makes the server wait, and costs
/// no memory here.
///
/// A stream begins one revision *earlier* than wanted, and what comes of it is dropped: before
/// 3.4.36 and 3.5.18, etcd forgets deletions at the very revision of a compaction, and tells nobody
/// who begins there.
///
/// An etcd that was restored from a backup counts its revisions from the backup's on, and would say
/// nothing until it has passed ours. When a server seems to be behind what we have heard, a read
/// that no server may answer from the past settles whether the whole store is; then what we know is
/// worth nothing, which readers are told as if it had been compacted.
final class EtcdWatch implements Store.Watch {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofDays(1);

  private final Environment environment;
  private final Link link;
  private final Client client;
  private final String name;
  private final Keys.Span keys;
  private final Signal signal;
  private final Environment.Task task;

  private final Backlog backlog;
  private @Nullable Stream stream;
  private @Nullable String refusal;
  private int refusals;
  private Batch.@Nullable Compacted compacted;
  private boolean closed;

  EtcdWatch(
      Environment environment,
      Link link,
      Client client,
      String name,
      String prefix,
      long from,
      Signal signal) {
    this.environment = environment;
    this.link = link;
    this.client = client;
    this.name = name;
    this.keys = Keys.under(prefix);
    this.backlog = new Backlog(Math.max(1, from) - 1);
    this.signal = signal;
    this.task = environment.fork(name, this::run);
  }

  @Override
  public synchronized Batch poll() {
    if (closed) {
      return new Batch.Changes(backlog.heard(), List.of());
    }
    if (backlog.isEmpty() && compacted != null) {
      return compacted;
    }
    if (backlog.isEmpty() && refusal != null) {
      throw new StoreException.Denied(name + ": " + refusal);
    }
    var batch = new Batch.Changes(backlog.heard(), backlog.take());
    if (stream != null) {
      stream.proceed();
    }
    if (compacted != null || refusal != null) {
      signal.raise();
    }
    return batch;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    task.interrupt();
  }

  private void run() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!isOver()) {
      switch (link.await(Limit.in(environment, LONG))) {
        case Link.State.Up up -> {
          boolean wasAccepted = follow(up);
          pause = wasAccepted ? FIRST_PAUSE : Client.longer(pause);
        }
        case Link.State.Denied(var why) -> refuse(why);
        case Link.State.Down _ -> pause = FIRST_PAUSE;
        case Link.State.Closed _ -> {
          return;
        }
      }
      environment.sleep(isRefused() ? AFTER_REFUSAL : pause);
    }
  }

  private synchronized boolean isRefused() {
    return refusal != null;
  }

  private synchronized boolean isOver() {
    return closed || compacted != null;
  }

  /// Follows one stream until it ends.
  ///
  /// @return whether it was any good
  private boolean follow(Link.State.Up up) throws InterruptedException {
    var next = new Stream(up);
    try {
      next.begin();
      Status end = next.awaitEnd();
      Reply.Failure<WatchResponse> failure = Reply.failure(end);
      switch (failure) {
        case Reply.Stranger<WatchResponse> _, Reply.Refusal<WatchResponse> _ ->
            refusedBy(up, failure.why());
        case Reply.Later<WatchResponse> _ -> link.leave(up.connection());
        case Reply.Lost<WatchResponse> _ -> {}
      }
      if (next.isBehind()) {
        settle();
      }
      return next.wasAccepted();
    } finally {
      next.end();
    }
  }

  /// Finds out whether one server is behind, which will pass, or the whole store is.
  private void settle() throws InterruptedException {
    var question = RangeRequest.newBuilder().setKey(keys.first()).setCountOnly(true).build();
    if (client.ask(KVGrpc.getRangeMethod(), question, true)
        instanceof Reply.Answer<RangeResponse>(var answer)) {
      synchronized (this) {
        long revision = answer.getHeader().getRevision();
        if (revision < backlog.witnessed()) {
          compacted = new Batch.Compacted(revision);
          signal.raise();
        }
      }
    }
  }

  /// etcd 3.4 refuses a watch in the same words whether we may not or it no longer knows us.
  private void refusedBy(Link.State.Up up, String why) {
    boolean first;
    synchronized (this) {
      first = refusals++ == 0;
    }
    if (!first || !link.logInAgain(up)) {
      refuse(why);
    }
  }

  private synchronized void refuse(String why) {
    refusal = why;
    signal.raise();
  }

  /// One stream of the watch, on one connection.
  private final class Stream extends ClientCall.Listener<WatchResponse> {
    private final Connection connection;
    private final ClientCall<WatchRequest, WatchResponse> call;
    private final Metadata headers;
    private final Signal ended = environment.signal(name);
    private volatile @Nullable Status end;
    private boolean accepted;
    private boolean behind;
    private boolean paused;
    private volatile boolean gone;

    Stream(Link.State.Up up) {
      this.connection = up.connection();
      this.headers = up.headers();
      this.call = connection.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    }

    void begin() {
      long from;
      synchronized (EtcdWatch.this) {
        stream = this;
        backlog.forgetPart();
        from = backlog.heard();
      }
      call.start(this, headers);
      call.request(1);
      call.sendMessage(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(keys.first())
                      .setRangeEnd(keys.end())
                      .setStartRevision(Math.max(1, from))
                      .setProgressNotify(true)
                      .setFragment(true))
              .build());
    }

    Status awaitEnd() throws InterruptedException {
      Status status = end;
      while (status == null) {
        ended.await(LONG);
        status = end;
      }
      return status;
    }

    boolean wasAccepted() {
      synchronized (EtcdWatch.this) {
        return accepted && !behind;
      }
    }

    boolean isBehind() {
      synchronized (EtcdWatch.this) {
        return behind;
      }
    }

    void end() {
      synchronized (EtcdWatch.this) {
        stream = null;
      }
      if (!gone) {
        call.cancel("no longer wanted", null);
      }
    }

    /// Lets more come, if it was kept from coming.
    void proceed() {
      if (paused) {
        paused = false;
        call.request(1);
      }
    }

    @Override
    public void onMessage(WatchResponse response) {
      connection.heard();
      synchronized (EtcdWatch.this) {
        if (stream != this || closed) {
          return;
        }
        take(response);
        paused = backlog.isFull();
        if (!paused) {
          call.request(1);
        }
      }
    }

    private void take(WatchResponse response) {
      if (response.getCanceled()) {
        cancelled(response);
      } else if (response.getCreated()) {
        accepted = true;
        refusal = null;
        refusals = 0;
        behind = response.getHeader().getRevision() < backlog.witnessed();
        if (behind) {
          finish(Status.UNAVAILABLE.withDescription("the server is behind"));
        }
      } else if (response.getEventsCount() == 0) {
        backlog.hearUpTo(response.getHeader().getRevision());
        signal.raise();
      } else {
        backlog.hear(response.getEventsList(), response.getFragment());
        signal.raise();
      }
    }

    private void cancelled(WatchResponse response) {
      if (response.getCompactRevision() > 0) {
        compacted = new Batch.Compacted(response.getCompactRevision());
        signal.raise();
      }
      finish(Reply.status(response.getCancelReason()));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      gone = true;
      finish(status.isOk() ? Status.UNAVAILABLE.withDescription("the stream has ended") : status);
    }

    private void finish(Status status) {
      if (end == null) {
        end = status;
      }
      ended.raise();
    }
  }
}
