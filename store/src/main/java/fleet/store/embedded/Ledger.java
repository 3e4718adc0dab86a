package fleet.store.embedded;

import fleet.cluster.env.Environment;
import fleet.store.embedded.Transaction.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/// Keys and values with revisions, leases and transactions, durable on this machine's disk: what
/// etcd v3 does on one machine, for whatever bytes. For any thread.
///
/// One thread, the [Writer], makes all changes, and shows them when they are on disk: nobody ever
/// sees what a crash could take back. Two other threads read, at revisions that are on disk.
/// Callers wait for these threads rather than doing the work themselves, since whoever is
/// interrupted while it reads a file closes that file. When the disk fails, the file is opened
/// anew: see [Openings].
///
/// What is past is forgotten in time: see [Limits].
public final class Ledger implements AutoCloseable {

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

  private final Openings openings;
  private final Environment environment;
  private final Limits limits;
  private final Leases leases;
  private final Feeds feeds = new Feeds();
  private final Readers readers;
  private final Writer writer;
  private final long id;
  private volatile long durable;

  /// Whether somebody wants little to be kept. The writer's thread alone knows.
  private boolean compacted;

  private Ledger(Openings openings, Environment environment, Limits limits) {
    this.openings = openings;
    this.environment = environment;
    this.limits = limits;
    this.leases = new Leases(environment::uptime);
    this.readers = new Readers(openings);
    this.id = openings.file().id(() -> environment.random().nextLong() | 1);
    takeOver();
    feeds.beginAfter(durable);
    this.writer = new Writer(openings.path(), new Rounds());
  }

  /// Begins with what is in the file. All leases have all of their time, since nobody could keep
  /// them alive while it could not be written.
  private void takeOver() {
    LedgerFile file = openings.file();
    leases.begin(file.leases());
    for (Item item : file.range(KeyRange.ALL, file.head(), LedgerFile.Bounds.NONE).items()) {
      leases.move(item.key(), 0, item.lease());
    }
    durable = file.head();
    openings.begin(durable);
  }

  /// Opens the ledger in `directory`, and makes it if it does not exist. Every lease has all of its
  /// time to live again. If the disk takes nothing it can be read, and written as soon as it does.
  ///
  /// @throws fleet.cluster.store.StoreException.Unavailable if another process has it open
  /// @throws fleet.cluster.store.StoreException.Denied if it cannot be read, or not be made
  public static Ledger open(Path directory, Environment environment, Limits limits) {
    return open(directory, environment, limits, Disk.REAL);
  }

  static Ledger open(Path directory, Environment environment, Limits limits, Disk disk) {
    var openings = new Openings(directory, environment, disk);
    try {
      var ledger = new Ledger(openings, environment, limits);
      ledger.writer.start();
      return ledger;
    } catch (MVStoreException failed) {
      openings.file().abandon();
      throw Opening.refusal(openings.path(), failed);
    }
  }

  /// The number by which this ledger differs from any other, for as long as it exists. Not 0.
  public long id() {
    return id;
  }

  /// The file that holds it.
  public Path path() {
    return openings.path();
  }

  /// Whether it has not been closed.
  public boolean isOpen() {
    return !writer.hasStopped();
  }

  /// Since when it takes nothing, or only what frees space; empty if it takes everything.
  public Optional<Instant> unwritableSince() {
    return openings
        .trouble()
        .map(Openings.Trouble::since)
        .or(() -> writer.hungFor().map(time -> environment.now().minus(time)));
  }

  /// How large the file is.
  public long bytes() {
    return openings.file().bytes();
  }

  /// The last revision.
  public long revision() {
    return durable;
  }

  /// The oldest revision that is kept: it can be read, and watched from.
  public long oldest() {
    return openings.file().oldest();
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
    writer.refuseIfStopped();
    return writer.await(readers.range(range, at, bounds, () -> durable));
  }

  // Changing.

  /// Applies a transaction. When this returns, what it did will survive any crash.
  public Outcome apply(Transaction transaction) throws InterruptedException {
    return writer.ask(
        () -> {
          boolean puts = transaction.puts();
          LedgerFile file = admitted(!puts);
          if (puts && file.bytes() > limits.fileBytes) {
            throw new LedgerException.Full(file.bytes(), limits.fileBytes);
          }
          return new Application(file, leases).apply(transaction);
        });
  }

  /// The file, if its disk takes what is to be done.
  private LedgerFile admitted(boolean frees) {
    openings.admit(frees);
    return openings.file();
  }

  /// Grants a lease.
  ///
  /// @param wanted which number it shall have; 0 means any
  /// @return its number
  public long grant(long wanted, Duration ttl) throws InterruptedException {
    long seconds = ttl.plusSeconds(1).minusNanos(1).toSeconds();
    return writer.ask(
        () -> {
          LedgerFile file = admitted(false);
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
    if (ttl.isPresent() && isOpen()) {
      return ttl; // whatever the disk does
    }
    // It may be about to end: what is said to be gone must be so on disk.
    return writer.ask(
        () -> {
          openings.admit(true);
          return leases.keepAlive(lease);
        });
  }

  /// Ends a lease and deletes its keys.
  public void revoke(long lease) throws InterruptedException {
    writer.ask(
        () -> {
          openings.admit(true);
          if (!leases.has(lease)) {
            throw new LedgerException.NoLease(lease);
          }
          end(lease);
          return lease;
        });
  }

  private void end(long lease) {
    SortedSet<Bytes> keys = leases.remove(lease);
    LedgerFile file = openings.file();
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
          LedgerFile file = admitted(true);
          if (revision > file.head()) {
            throw new LedgerException.Future(revision, file.head());
          }
          if (revision <= file.oldest()) {
            throw new LedgerException.Compacted(revision, file.oldest());
          }
          file.forget(revision);
          openings.makeMuchRoom();
          compacted = true;
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

  /// Runs something that reads, and waits for it whether interrupted or not; null if it cannot be
  /// read now.
  <T> @Nullable T readNow(Function<LedgerFile, T> read) {
    try {
      writer.refuseIfStopped();
      return readers.read(read).join();
    } catch (LedgerException | CompletionException _) {
      return null;
    }
  }

  /// What the writer does besides.
  private final class Rounds implements Writer.Rounds {
    private int rounds;
    private LedgerFile told = openings.file();

    @Override
    public void begin() {
      if (openings.retry()) {
        takeOver();
      }
      if (openings.isWritable()) {
        leases.expire().forEach(Ledger.this::end);
      }
    }

    @Override
    public void settle() {
      if (openings.isWritable()) {
        LedgerFile file = openings.file();
        forgetThePast(file);
        if (file.isChanged()) {
          openings.makeRoom();
          file.commit();
          durable = file.head();
          openings.written(durable);
        }
      }
    }

    @Override
    public LedgerException failed(MVStoreException failure) {
      long before = durable;
      boolean isKnown = openings.failed(failure) && tookOver() && durable == before;
      return isKnown
          ? openings.refusal(failure)
          : new LedgerException.Failed(
              openings.path() + " failed: " + Openings.reason(failure), failure);
    }

    private boolean tookOver() {
      try {
        takeOver();
        return true;
      } catch (MVStoreException again) {
        return openings.failed(again);
      }
    }

    @Override
    public void end() {
      LedgerFile file = openings.file();
      feeds.tell(file, durable);
      if (told != file) {
        told = file;
        feeds.wakeAll(); // who could not read the one before
      }
      boolean isTime = ++rounds % ROUNDS_BETWEEN_TIDYING == 0 && openings.trouble().isEmpty();
      if (isTime || compacted) {
        compacted = false;
        file.tidy();
      }
    }

    @Override
    public void close() {
      openings.close();
    }

    @Override
    public void stopped() {
      feeds.wakeAll();
    }
  }

  private void forgetThePast(LedgerFile file) {
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
