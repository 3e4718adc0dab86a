package fleet.store.embedded;

import fleet.store.embedded.LedgerFile.Change;
import fleet.store.embedded.Transaction.Action;
import fleet.store.embedded.Transaction.Condition;
import fleet.store.embedded.Transaction.Fact;
import fleet.store.embedded.Transaction.Outcome;
import fleet.store.embedded.Transaction.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One transaction on its way into the ledger.
///
/// First all conditions are looked at, those of nested transactions too, and all that could be
/// refused is; then nothing can fail any more, and all is done. The changes are gathered here,
/// where later actions see them, and become one revision at the end.
final class Application {

  /// What a transaction may read, since it keeps all others waiting meanwhile.
  private static final LedgerFile.Bounds BOUNDS = new LedgerFile.Bounds(0, 64 << 20);

  private final LedgerFile file;
  private final Leases leases;
  private final long revision;
  private final Map<Bytes, Optional<Item>> changed = new LinkedHashMap<>();

  Application(LedgerFile file, Leases leases) {
    this.file = file;
    this.leases = leases;
    this.revision = file.head() + 1;
  }

  /// A transaction of which it is known whether its conditions hold.
  private sealed interface Step {
    record Do(Action action) implements Step {}

    record Nest(boolean held, List<Step> steps) implements Step {}
  }

  Outcome apply(Transaction transaction) {
    Step.Nest all = resolve(transaction);
    check(all, new TreeSet<>(), new ArrayList<>());
    List<Result> results = perform(all.steps);
    boolean made = finish();
    return outcome(made ? revision : revision - 1, all.held, results);
  }

  /// Deletes keys, as when their lease ends.
  void delete(Iterable<Bytes> keys) {
    keys.forEach(key -> find(key).ifPresent(this::unbind));
    finish();
  }

  private Step.Nest resolve(Transaction transaction) {
    boolean held = transaction.when().stream().allMatch(this::holds);
    List<Step> steps = new ArrayList<>();
    for (Action action : held ? transaction.then() : transaction.otherwise()) {
      steps.add(
          action instanceof Action.Nested(var nested) ? resolve(nested) : new Step.Do(action));
    }
    return new Step.Nest(held, steps);
  }

  private boolean holds(Condition condition) {
    List<Item> items = read(condition.range());
    if (items.isEmpty()) {
      return !(condition.fact() instanceof Fact.Value)
          && holds(condition, new Item(condition.range().from(), Bytes.EMPTY, 0, 0, 0, 0));
    }
    return items.stream().allMatch(item -> holds(condition, item));
  }

  private static boolean holds(Condition condition, Item item) {
    int order =
        switch (condition.fact()) {
          case Fact.Version(var number) -> Long.compare(item.version(), number);
          case Fact.CreateRevision(var number) -> Long.compare(item.createRevision(), number);
          case Fact.ModRevision(var number) -> Long.compare(item.modRevision(), number);
          case Fact.Lease(var number) -> Long.compare(item.lease(), number);
          case Fact.Value(var value) -> item.value().compareTo(value);
        };
    return switch (condition.relation()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
    };
  }

  private void check(Step step, SortedSet<Bytes> put, List<KeyRange> deleted) {
    switch (step) {
      case Step.Nest(_, var steps) -> steps.forEach(each -> check(each, put, deleted));
      case Step.Do(Action.Put action) -> {
        checkPut(action);
        if (!put.add(action.key()) || deleted.stream().anyMatch(r -> r.contains(action.key()))) {
          throw new LedgerException.ChangedTwice(action.key());
        }
      }
      case Step.Do(Action.Delete(var range)) -> {
        put.stream()
            .filter(range::contains)
            .findFirst()
            .ifPresent(
                key -> {
                  throw new LedgerException.ChangedTwice(key);
                });
        deleted.add(range);
      }
      case Step.Do(Action.Read _) -> {}
      case Step.Do(Action.Nested nested) ->
          throw new IllegalStateException("not resolved: " + nested);
    }
  }

  private void checkPut(Action.Put put) {
    if (put.lease() != 0 && !leases.has(put.lease())) {
      throw new LedgerException.NoLease(put.lease());
    }
    if ((put.keepValue() || put.keepLease()) && find(put.key()).isEmpty()) {
      throw new LedgerException.NoKey(put.key());
    }
  }

  private List<Result> perform(List<Step> steps) {
    List<Result> results = new ArrayList<>();
    for (Step step : steps) {
      results.add(
          switch (step) {
            case Step.Nest(var held, var nested) ->
                new Result.Nested(outcome(revision, held, perform(nested)));
            case Step.Do(Action.Read(var range)) -> new Result.Read(read(range));
            case Step.Do(Action.Put put) -> new Result.Put(put(put));
            case Step.Do(Action.Delete(var range)) -> {
              List<Item> gone = read(range);
              gone.forEach(this::unbind);
              yield new Result.Delete(gone);
            }
            case Step.Do(Action.Nested nested) ->
                throw new IllegalStateException("not resolved: " + nested);
          });
    }
    return results;
  }

  private static Outcome outcome(long revision, boolean held, List<Result> results) {
    return new Outcome(revision, held, results);
  }

  private Optional<Item> put(Action.Put put) {
    Optional<Item> old = find(put.key());
    Bytes value = put.keepValue() ? old.map(Item::value).orElse(Bytes.EMPTY) : put.value();
    long lease = put.keepLease() ? old.map(Item::lease).orElse(0L) : put.lease();
    long created = old.map(Item::createRevision).orElse(revision);
    long version = old.map(Item::version).orElse(0L) + 1;
    bind(put.key(), Optional.of(new Item(put.key(), value, created, revision, version, lease)));
    leases.move(put.key(), old.map(Item::lease).orElse(0L), lease);
    return old;
  }

  private void unbind(Item item) {
    bind(item.key(), Optional.empty());
    leases.move(item.key(), item.lease(), 0);
  }

  private void bind(Bytes key, Optional<Item> item) {
    changed.put(key, item);
  }

  private Optional<Item> find(Bytes key) {
    Optional<Item> here = changed.get(key);
    return here != null ? here : file.find(key, revision);
  }

  private List<Item> read(KeyRange range) {
    var items = new TreeMap<Bytes, Item>();
    file.range(range, revision, BOUNDS).items().forEach(item -> items.put(item.key(), item));
    changed.forEach(
        (key, item) -> {
          if (range.contains(key)) {
            item.ifPresentOrElse(bound -> items.put(key, bound), () -> items.remove(key));
          }
        });
    return List.copyOf(items.values());
  }

  /// @return whether there was anything to change
  private boolean finish() {
    if (!changed.isEmpty()) {
      List<Change> changes = new ArrayList<>();
      changed.forEach((key, item) -> changes.add(new Change(key, item)));
      file.append(changes);
    }
    return !changed.isEmpty();
  }
}
