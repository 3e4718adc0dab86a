package fleet.store.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
/// at once, and then answers. If the disk fails it stops for good, and says so to everybody: what
/// is in the file then is known only after it has been opened again.
final class Writer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Writer.class.getName());

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

    /// Ends a round, after all answers.
    void end();

    /// Nothing can be asked any more.
    void stopped();
  }

  private final LedgerFile file;
  private final Rounds rounds;
  private final BlockingQueue<Request<?>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final List<Request<?>> inHand = new ArrayList<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("store-writer").unstarted(this::run);
  private volatile boolean closing;
  private volatile LedgerException.@Nullable Stopped stopped;

  Writer(LedgerFile file, Rounds rounds) {
    this.file = file;
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
  <T> T ask(Supplier<T> body) throws InterruptedException {
    var request = new Request<>(body);
    if (!queue.offer(request, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new LedgerException.Slow(file.path() + ": the disk does not keep up");
    }
    refuseIfStopped(); // it may have ended before it saw the request
    return await(request.answer);
  }

  /// Waits for an answer that depends on the disk.
  <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new LedgerException.Slow(file.path() + ": no answer from the disk in " + PATIENCE);
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
    var why = new LedgerException.Stopped(file.path() + ": it stopped unexpectedly");
    try {
      while (!closing) {
        round();
      }
      why = new LedgerException.Stopped(file.path() + ": it has been closed");
      file.close();
    } catch (MVStoreException | InterruptedException failed) {
      LOG.log(System.Logger.Level.ERROR, "the store stops, since its disk failed", failed);
      why =
          new LedgerException.Stopped(
              "%s: %s. Nothing is stored until fleetd is restarted"
                  .formatted(file.path(), failed.getMessage()),
              failed);
      file.abandon();
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
    rounds.begin();
    inHand.forEach(Request::perform);
    rounds.settle();
    inHand.forEach(request -> request.reply.run());
    inHand.clear();
    rounds.end();
  }

  private void stop(LedgerException.Stopped why) {
    stopped = why;
    queue.drainTo(inHand);
    inHand.forEach(request -> request.answer.completeExceptionally(why));
    rounds.stopped();
  }

  /// Ends the thread after what it has in hand, and closes the file.
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
