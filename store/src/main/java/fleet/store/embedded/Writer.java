package fleet.store.embedded;

import fleet.cluster.env.Spans;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/// The one thread that changes a ledger's file.
///
/// It goes round: takes what has been asked for meanwhile, does it in order, makes it durable, all
/// at once, and then answers. If the disk fails, it has the file opened anew. If nothing of what it
/// had in hand is found there, that is done once more; else it is in doubt, and it says so.
final class Writer implements AutoCloseable {

  /// How long it sleeps if nothing is asked for.
  private static final Duration TICK = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int QUEUE = 4_096;
  private static final int BATCH = 512;

  /// What the thread does besides, in each round.
  interface Rounds {
    /// Begins a round.
    void begin();

    /// Makes durable what was done in this round.
    void settle();

    /// The disk failed, and what was done in this round with it: has the file opened anew.
    ///
    /// @return what to answer to those who asked for it
    LedgerException failed(MVStoreException failure);

    /// Ends a round, after all answers.
    void end();

    /// Ends it in good order, after the last round.
    void close();

    /// Nothing can be asked any more.
    void stopped();
  }

  private final Path path;
  private final Rounds rounds;
  private final BlockingQueue<Request<?>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final List<Request<?>> inHand = new ArrayList<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("store-writer").unstarted(this::run);
  private volatile boolean closing;
  private volatile LedgerException.@Nullable Stopped stopped;

  /// Since when it waits for the disk, by [System#nanoTime()]; empty while it does not.
  private volatile OptionalLong waiting = OptionalLong.empty();

  Writer(Path path, Rounds rounds) {
    this.path = path;
    this.rounds = rounds;
  }

  void start() {
    thread.start();
  }

  /// What is to be done, and what came of it, which is told when it is durable.
  private static final class Request<T> {
    final Supplier<T> body;
    final CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable reply = () -> {};

    Request(Supplier<T> body) {
      this.body = body;
    }

    void perform() {
      try {
        T result = body.get();
        reply = () -> answer.complete(result);
      } catch (LedgerException refused) {
        reply = () -> answer.completeExceptionally(refused);
      }
    }
  }

  /// Has something done, and waits until it is durable.
  ///
  /// @param body may be called twice, the second time on a file that does not have what the first
  ///     one did
  <T> T ask(Supplier<T> body) throws InterruptedException {
    refuseIfStopped();
    refuseIfHung();
    var request = new Request<>(body);
    if (!queue.offer(request, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new LedgerException.Slow(path + ": the disk does not keep up");
    }
    refuseIfStopped(); // it may have ended before it saw the request
    return await(request.answer);
  }

  /// Waits for an answer that depends on the disk.
  <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new LedgerException.Slow(path + ": no answer from the disk in " + Spans.text(PATIENCE));
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof LedgerException refused) {
        throw refused;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  boolean hasStopped() {
    return stopped != null;
  }

  void refuseIfStopped() {
    LedgerException.Stopped why = stopped;
    if (why != null) {
      throw why;
    }
  }

  private void run() {
    var why = new LedgerException.Stopped(path + ": it stopped unexpectedly");
    try {
      while (!closing) {
        round();
      }
      rounds.close();
      why = new LedgerException.Stopped(path + ": it has been closed");
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    } finally {
      stop(why);
    }
  }

  private void round() throws InterruptedException {
    Request<?> first = queue.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      inHand.add(first);
      queue.drainTo(inHand, BATCH);
    }
    waiting = OptionalLong.of(System.nanoTime());
    try {
      if (!isDone(true)) {
        boolean _ = isDone(false);
      }
    } finally {
      waiting = OptionalLong.empty();
    }
  }

  /// Does what is in hand.
  ///
  /// @param mayFail whether to leave it in hand if the disk fails and nothing of it has been done:
  ///     now that the file has been opened anew, it may take it
  /// @return whether nothing is left in hand
  private boolean isDone(boolean mayFail) {
    try {
      rounds.begin();
      inHand.forEach(Request::perform);
      rounds.settle();
      inHand.forEach(request -> request.reply.run());
      inHand.clear();
      rounds.end();
    } catch (MVStoreException failed) {
      LedgerException answer = rounds.failed(failed);
      if (mayFail && answer instanceof LedgerException.Unwritable) {
        return false;
      }
      inHand.forEach(request -> request.answer.completeExceptionally(answer));
      inHand.clear();
    }
    return true;
  }

  /// For how long the disk has kept it waiting, if that is longer than anybody waits.
  Optional<Duration> hungFor() {
    OptionalLong since = waiting;
    return since.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(System.nanoTime() - since.getAsLong()))
            .filter(time -> time.compareTo(PATIENCE) > 0);
  }

  private void refuseIfHung() {
    hungFor()
        .ifPresent(
            time -> {
              throw new LedgerException.Unwritable(
                  "%s: no answer from the disk for %d s".formatted(path, time.toSeconds()), false);
            });
  }

  private void stop(LedgerException.Stopped why) {
    stopped = why;
    queue.drainTo(inHand);
    inHand.forEach(request -> request.answer.completeExceptionally(why));
    rounds.stopped();
  }

  /// Ends the thread after what it has in hand.
  @Override
  public void close() {
    closing = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
