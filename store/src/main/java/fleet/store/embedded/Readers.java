package fleet.store.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.h2.mvstore.MVStoreException;

/// The threads that read a ledger's file, whichever is open. Where it has been closed under them,
/// they read what has been opened in its place.
final class Readers implements AutoCloseable {

  private static final int THREADS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Openings openings;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("store-reader-", 0).factory());

  Readers(Openings openings) {
    this.openings = openings;
  }

  /// Reads on one of the threads.
  <T> CompletableFuture<T> read(Function<LedgerFile, T> read) {
    try {
      return CompletableFuture.supplyAsync(() -> readPresent(read), threads);
    } catch (RejectedExecutionException closed) {
      throw new LedgerException.Stopped(openings.path() + ": it has been closed", closed);
    }
  }

  /// Reads a range.
  ///
  /// @param at which revision; 0 means the present one
  /// @param durable the last revision that may be seen
  CompletableFuture<Slice> range(
      KeyRange range, long at, LedgerFile.Bounds bounds, LongSupplier durable) {
    return read(
        file ->
            at == 0
                ? present(file, range, bounds, durable)
                : past(file, range, at, bounds, durable.getAsLong()));
  }

  private static Slice present(
      LedgerFile file, KeyRange range, LedgerFile.Bounds bounds, LongSupplier durable) {
    while (true) {
      long at = durable.getAsLong();
      Slice slice = file.range(range, at, bounds);
      if (at >= file.oldest()) {
        return slice;
      }
    }
  }

  private static Slice past(
      LedgerFile file, KeyRange range, long at, LedgerFile.Bounds bounds, long durable) {
    if (at > durable) {
      throw new LedgerException.Future(at, durable);
    }
    Slice slice = at < file.oldest() ? null : file.range(range, at, bounds);
    if (slice == null || at < file.oldest()) {
      throw new LedgerException.Compacted(at, file.oldest());
    }
    return slice;
  }

  private <T> T readPresent(Function<LedgerFile, T> read) {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      LedgerFile file = openings.file();
      try {
        return read.apply(file);
      } catch (MVStoreException failed) {
        boolean mayBeOpened = file.isClosed() || openings.file() != file;
        if (!mayBeOpened || openings.isAway() || System.nanoTime() > patience) {
          throw new LedgerException.Failed(
              openings.path() + " cannot be read: " + Openings.reason(failed), failed);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
