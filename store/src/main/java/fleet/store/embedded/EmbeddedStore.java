package fleet.store.embedded;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Requests;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import fleet.store.embedded.Transaction.Action;
import fleet.store.embedded.Transaction.Condition;
import fleet.store.embedded.Transaction.Fact;
import fleet.store.embedded.Transaction.Relation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The store on this machine's disk: a [Ledger], as the text that fleet keeps.
///
/// What it answered with success is on disk. When it is opened again, every lease has all of its
/// time to live: nobody is declared dead because the store was away. A disk that fails is tried
/// again and again by itself; meanwhile the store can be read.
public final class EmbeddedStore implements Store {

  private final Ledger ledger;

  private EmbeddedStore(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Opens the store in `directory`, which is made if it does not exist.
  ///
  /// @throws StoreException.Unavailable if another process has it open
  /// @throws StoreException.Denied if it cannot be read; the message says which file is at fault
  ///     and what to do
  public static EmbeddedStore open(Path directory) {
    return open(directory, new SystemEnvironment(), Ledger.Limits.DEFAULT);
  }

  static EmbeddedStore open(Path directory, Environment environment, Ledger.Limits limits) {
    return open(directory, environment, limits, Disk.REAL);
  }

  static EmbeddedStore open(
      Path directory, Environment environment, Ledger.Limits limits, Disk disk) {
    return new EmbeddedStore(Ledger.open(directory, environment, limits, disk));
  }

  /// What lies beneath, for whoever offers it to other machines.
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public Range range(String prefix) throws InterruptedException {
    return range(prefix, 0, "range " + prefix);
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    // Revision 0 would mean the present one.
    return range(prefix, Math.max(1, revision), "range " + prefix + " at revision " + revision);
  }

  private Range range(String prefix, long revision, String asked) throws InterruptedException {
    Requests.checkPrefix(prefix);
    try {
      Slice slice = ledger.range(KeyRange.under(Bytes.utf8(prefix)), revision, 0);
      var entries = new TreeMap<String, Entry>();
      slice.items().forEach(item -> entries.put(item.key().text(), entry(item)));
      return new Range(slice.revision(), entries);
    } catch (LedgerException failed) {
      throw translated(asked, failed);
    }
  }

  private static Entry entry(Item item) {
    return new Entry(item.value().text(), item.createRevision(), item.modRevision(), item.lease());
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    Requests.checkKey(key);
    try {
      return ledger.range(KeyRange.of(Bytes.utf8(key)), 0, 0).items().stream()
          .findFirst()
          .map(EmbeddedStore::entry);
    } catch (LedgerException failed) {
      throw translated("read " + key, failed);
    }
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    Requests.checkTransaction(when, then);
    var transaction =
        new Transaction(
            when.stream().map(EmbeddedStore::condition).toList(),
            then.stream().map(EmbeddedStore::action).toList(),
            List.of());
    try {
      var outcome = ledger.apply(transaction);
      return outcome.held()
          ? new Commit.Applied(outcome.revision())
          : new Commit.Refused(outcome.revision());
    } catch (LedgerException.Stopped | LedgerException.Failed | LedgerException.Slow failed) {
      return new Commit.Unknown("embedded store: " + failed.getMessage());
    } catch (LedgerException failed) {
      throw translated("commit", failed);
    }
  }

  private static Condition condition(Compare compare) {
    var range = KeyRange.of(Bytes.utf8(compare.key()));
    return switch (compare) {
      case Compare.Absent _ -> new Condition(range, new Fact.CreateRevision(0), Relation.EQUAL);
      // A key that does not exist has no negative revision either.
      case Compare.CreatedAt(_, var at) ->
          new Condition(range, new Fact.CreateRevision(at == 0 ? -1 : at), Relation.EQUAL);
      case Compare.UnchangedSince(_, var at) ->
          new Condition(range, new Fact.ModRevision(at == 0 ? -1 : at), Relation.EQUAL);
    };
  }

  private static Action action(Op op) {
    return switch (op) {
      case Op.Put(var key, var value, var lease) ->
          new Action.Put(Bytes.utf8(key), Bytes.utf8(value), lease);
      case Op.Delete(var key) -> new Action.Delete(KeyRange.of(Bytes.utf8(key)));
    };
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    Requests.checkTtl(ttl);
    try {
      return ledger.grant(0, ttl);
    } catch (LedgerException failed) {
      throw translated("grant", failed);
    }
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    try {
      return ledger.keepAlive(lease).isPresent();
    } catch (LedgerException failed) {
      throw translated("keep alive", failed);
    }
  }

  @Override
  public Optional<Life> life(long lease) {
    return ledger.life(lease).map(life -> new Life(life.ttl(), life.left()));
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    try {
      ledger.revoke(lease);
    } catch (LedgerException.NoLease gone) {
      // As was wanted.
    } catch (LedgerException failed) {
      throw translated("revoke", failed);
    }
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    Requests.checkPrefix(prefix);
    Feed feed =
        ledger.follow(KeyRange.under(Bytes.utf8(prefix)), fromRevision, false, signal::raise);
    return new Watch() {
      @Override
      public Batch poll() {
        return switch (feed.poll()) {
          case Feed.Told.Compacted(var oldest) -> new Batch.Compacted(oldest);
          case Feed.Told.Events(var revision, var events) -> {
            List<Change> changes = new ArrayList<>();
            events.forEach(event -> changes.add(change(event)));
            yield new Batch.Changes(revision, changes);
          }
        };
      }

      @Override
      public void close() {
        feed.close();
      }
    };
  }

  private static Change change(Event event) {
    return switch (event) {
      case Event.Put(var item, _) -> new Change.Put(item.key().text(), entry(item));
      case Event.Delete(var key, var revision, _) -> new Change.Delete(key.text(), revision);
    };
  }

  private static StoreException translated(String asked, LedgerException failed) {
    String message = "embedded store, " + asked + ": " + failed.getMessage();
    return switch (failed) {
      case LedgerException.Unwritable _ -> new StoreException.Unwritable(message, failed);
      case LedgerException.Stopped _,
          LedgerException.Failed _,
          LedgerException.Slow _,
          LedgerException.Future _ ->
          new StoreException.Unavailable(message, failed);
      case LedgerException.Compacted compacted ->
          new StoreException.Compacted(compacted.asked(), compacted.oldest());
      case LedgerException.NoLease _,
          LedgerException.LeaseExists _,
          LedgerException.NoKey _,
          LedgerException.ChangedTwice _,
          LedgerException.TooMuch _,
          LedgerException.Full _ ->
          new StoreException.Denied(message, failed);
    };
  }

  @Override
  public void close() {
    ledger.close();
  }
}
