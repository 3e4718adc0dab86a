package fleet.store.embedded;

import fleet.cluster.env.Environment;
import fleet.store.embedded.Transaction.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/// Keys and values with revisions, leases and transactions, durable on this machine's disk: what
/// etcd v3 does on one machine, for whatever bytes. For any thread.
///
/// One thread, the [Writer], makes all changes, and shows them when they are on disk: nobody ever
/// sees what a crash could take back. Two other threads read, at revisions that are on disk.
/// Callers wait for these threads rather than doing the work themselves, since whoever is
/// interrupted while it reads a file closes that file.
///
/// What is past is forgotten in time: see [Limits].
public final class Ledger implements AutoCloseable {

  private static final int READERS = 2;
  private static final int ROUNDS_BETWEEN_TIDYING = 64;

  /// How much is kept.
  ///
  /// @param revisions of the past, at most
  /// @param revisionBytes that they take up, at most, or little more
  /// @param fileBytes from which on nothing can be put any more
  public record Limits(int revisions, long revisionBytes, long fileBytes) {
    public static final Limits DEFAULT = new Limits(10_000, 16L << 20, 2L << 30);
  }

  /// How it stands with a lease.
  ///
  /// @param left of its time to live, if nobody keeps it alive
  /// @param keys that live by it
  public record Life(Duration ttl, Duration left, SortedSet<Bytes> keys) {
    public Life {
      keys = new TreeSet<>(keys);
    }
  }

  private final LedgerFile file;
  private final Environment environment;
  private final Limits limits;
  private final Leases leases;
  private final Feeds feeds = new Feeds();
  private final ExecutorService readers =
      Executors.newFixedThreadPool(
          READERS, Thread.ofPlatform().daemon().name("store-reader-", 0).factory());
  private final Writer writer;
  private final long id;
  private volatile long durable;

  private Ledger(LedgerFile file, Environment environment, Limits limits) {
    this.file = file;
    this.environment = environment;
    this.limits = limits;
    this.leases = new Leases(environment::uptime);
    this.durable = file.head();
    this.id = file.id(() -> environment.random().nextLong() | 1);
    file.leases().forEach((lease, seconds) -> leases.add(lease, Duration.ofSeconds(seconds)));
    for (Item item : file.range(KeyRange.ALL, file.head(), LedgerFile.Bounds.NONE).items()) {
      leases.move(item.key(), 0, item.lease());
    }
    feeds.beginAfter(durable);
    this.writer = new Writer(file, new Rounds());
  }

  /// Opens the ledger in `directory`, and makes it if it does not exist. Every lease has all of its
  /// time to live again.
  ///
  /// @throws fleet.cluster.store.StoreException.Unavailable if another process has it open
  /// @throws fleet.cluster.store.StoreException.Denied if it cannot be read or written
  public static Ledger open(Path directory, Environment environment, Limits limits) {
    LedgerFile file = Opening.open(directory);
    try {
      var ledger = new Ledger(file, environment, limits);
      ledger.writer.start();
      return ledger;
    } catch (MVStoreException failed) {
      file.abandon();
      throw Opening.refusal(file.path(), failed);
    }
  }

  /// The number by which this ledger differs from any other, for as long as it exists. Not 0.
  public long id() {
    return id;
  }

  /// The file that holds it.
  public Path path() {
    return file.path();
  }

  /// Whether it can be asked for anything. Once it cannot, it never can again.
  public boolean isOpen() {
    return !writer.hasStopped();
  }

  /// How large the file is.
  public long bytes() {
    return file.bytes();
  }

  /// The last revision.
  public long revision() {
    return durable;
  }

  /// The oldest revision that is kept: it can be read, and watched from.
  public long oldest() {
    return file.oldest();
  }

  // Reading.

  /// Reads a range.
  ///
  /// @param at which revision; 0 means the present one
  /// @param limit of the items returned; 0 means none
  public Slice range(KeyRange range, long at, long limit) throws InterruptedException {
    return range(range, at, new LedgerFile.Bounds(limit, Long.MAX_VALUE));
  }

  /// Reads a range for somebody who must not cost more than so many bytes.
  public Slice range(KeyRange range, long at, long limit, long bytes) throws InterruptedException {
    return range(range, at, new LedgerFile.Bounds(limit, bytes));
  }

  private Slice range(KeyRange range, long at, LedgerFile.Bounds bounds)
      throws InterruptedException {
    return writer.await(onReader(() -> at == 0 ? present(range, bounds) : past(range, at, bounds)));
  }

  private Slice present(KeyRange range, LedgerFile.Bounds bounds) {
    while (true) {
      long at = durable;
      Slice slice = file.range(range, at, bounds);
      if (at >= file.oldest()) {
        return slice;
      }
    }
  }

  private Slice past(KeyRange range, long at, LedgerFile.Bounds bounds) {
    if (at > durable) {
      throw new LedgerException.Future(at, durable);
    }
    Slice slice = at < file.oldest() ? null : file.range(range, at, bounds);
    if (slice == null || at < file.oldest()) {
      throw new LedgerException.Compacted(at, file.oldest());
    }
    return slice;
  }

  private <T> CompletableFuture<T> onReader(Supplier<T> read) {
    writer.refuseIfStopped();
    try {
      return CompletableFuture.supplyAsync(() -> readOrStop(read), readers);
    } catch (RejectedExecutionException closed) {
      throw new LedgerException.Stopped(file.path() + ": it has been closed", closed);
    }
  }

  private <T> T readOrStop(Supplier<T> read) {
    try {
      return read.get();
    } catch (MVStoreException failed) {
      writer.refuseIfStopped();
      throw new LedgerException.Stopped(file.path() + ": " + failed.getMessage(), failed);
    }
  }

  // Changing.

  /// Applies a transaction. When this returns, what it did will survive any crash.
  public Outcome apply(Transaction transaction) throws InterruptedException {
    return writer.ask(
        () -> {
          if (puts(transaction) && file.bytes() > limits.fileBytes) {
            throw new LedgerException.Full(file.bytes(), limits.fileBytes);
          }
          return new Application(file, leases).apply(transaction);
        });
  }

  private static boolean puts(Transaction transaction) {
    return puts(transaction.then()) || puts(transaction.otherwise());
  }

  private static boolean puts(List<Transaction.Action> actions) {
    return actions.stream()
        .anyMatch(
            action ->
                switch (action) {
                  case Transaction.Action.Put _ -> true;
                  case Transaction.Action.Nested(var nested) -> puts(nested);
                  case Transaction.Action.Read _, Transaction.Action.Delete _ -> false;
                });
  }

  /// Grants a lease.
  ///
  /// @param wanted which number it shall have; 0 means any
  /// @return its number
  public long grant(long wanted, Duration ttl) throws InterruptedException {
    long seconds = ttl.plusSeconds(1).minusNanos(1).toSeconds();
    return writer.ask(
        () -> {
          if (leases.has(wanted)) {
            throw new LedgerException.LeaseExists(wanted);
          }
          long lease = wanted;
          while (lease == 0 || leases.has(lease)) {
            lease = environment.random().nextLong(Long.MAX_VALUE);
          }
          file.addLease(lease, seconds);
          leases.add(lease, Duration.ofSeconds(seconds));
          return lease;
        });
  }

  /// Keeps a lease alive.
  ///
  /// @return its time to live; empty if it has ended, and its keys with it
  public Optional<Duration> keepAlive(long lease) throws InterruptedException {
    Optional<Duration> ttl = leases.keepAlive(lease);
    if (ttl.isEmpty() || !isOpen()) {
      // It may be about to end: what is said to be gone must be so on disk.
      return writer.ask(() -> leases.keepAlive(lease));
    }
    return ttl;
  }

  /// Ends a lease and deletes its keys.
  public void revoke(long lease) throws InterruptedException {
    writer.ask(
        () -> {
          if (!leases.has(lease)) {
            throw new LedgerException.NoLease(lease);
          }
          end(lease);
          return lease;
        });
  }

  private void end(long lease) {
    SortedSet<Bytes> keys = leases.remove(lease);
    file.removeLease(lease);
    new Application(file, leases).delete(keys);
  }

  /// The leases that live.
  public SortedSet<Long> leases() {
    return leases.ids();
  }

  /// How it stands with a lease; empty if it has ended.
  public Optional<Life> life(long lease) {
    return leases.life(lease);
  }

  /// Forgets what was before `revision`.
  public void compact(long revision) throws InterruptedException {
    writer.ask(
        () -> {
          if (revision > file.head()) {
            throw new LedgerException.Future(revision, file.head());
          }
          if (revision <= file.oldest()) {
            throw new LedgerException.Compacted(revision, file.oldest());
          }
          file.forget(revision);
          return revision;
        });
  }

  // Watching.

  /// Follows what becomes of a range from a revision on, that one included.
  ///
  /// @param wake run whenever there is something to poll for, on a thread that it must not hold up
  public Feed follow(KeyRange range, long from, boolean withPrevious, Runnable wake) {
    var feed = new Feed(this, feeds, range, from, withPrevious, wake);
    feeds.add(feed);
    return feed;
  }

  /// What revisions did to a range, all that they did or nothing.
  List<Event> events(long revision, KeyRange range, boolean withPrevious) {
    return file.events(revision, range, withPrevious);
  }

  /// Runs something that reads, and waits for it whether interrupted or not; null if it cannot be
  /// read any more.
  <T> @Nullable T readNow(Supplier<T> read) {
    try {
      return onReader(read).join();
    } catch (LedgerException | CompletionException _) {
      return null;
    }
  }

  /// What the writer does besides.
  private final class Rounds implements Writer.Rounds {
    private int rounds;

    @Override
    public void begin() {
      leases.expire().forEach(Ledger.this::end);
    }

    @Override
    public void settle() {
      forgetThePast();
      file.commit();
      durable = file.head();
    }

    @Override
    public void end() {
      feeds.tell(file, durable);
      if (++rounds % ROUNDS_BETWEEN_TIDYING == 0) {
        file.tidy();
      }
    }

    @Override
    public void stopped() {
      feeds.wakeAll();
    }
  }

  private void forgetThePast() {
    long oldest = Math.max(file.oldest(), durable - limits.revisions);
    long bytes = file.logBytes();
    while (bytes > limits.revisionBytes && oldest < durable) {
      bytes -= file.bytesOf(oldest++);
    }
    file.forget(oldest);
  }

  /// Ends all that goes on, and closes the file.
  @Override
  public void close() {
    writer.close();
    readers.close();
  }
}
