package fleet.store.embedded;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Does `then` if all of `when` holds, else `otherwise`: at one instant, and all of it.
public record Transaction(List<Condition> when, List<Action> then, List<Action> otherwise) {

  public Transaction {
    when = List.copyOf(when);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
  }

  /// One action, whatever holds.
  public static Transaction of(Action action) {
    return new Transaction(List.of(), List.of(action), List.of());
  }

  /// Whether it may put anything.
  boolean puts() {
    return Stream.concat(then.stream(), otherwise.stream())
        .anyMatch(
            action ->
                switch (action) {
                  case Action.Put _ -> true;
                  case Action.Nested(var nested) -> nested.puts();
                  case Action.Read _, Action.Delete _ -> false;
                });
  }

  /// Something that must be true of every key in a range. A range without keys is taken for one key
  /// that has 0 for every number, and no value at all.
  public record Condition(KeyRange range, Fact fact, Relation relation) {}

  /// What a condition compares with.
  public sealed interface Fact {
    record Version(long number) implements Fact {}

    record CreateRevision(long number) implements Fact {}

    record ModRevision(long number) implements Fact {}

    record Lease(long number) implements Fact {}

    record Value(Bytes value) implements Fact {}
  }

  /// How what a key has stands to the fact.
  public enum Relation {
    EQUAL,
    NOT_EQUAL,
    GREATER,
    LESS
  }

  /// A part of what is done.
  public sealed interface Action {
    /// Reads a range as it is at this point of the transaction.
    record Read(KeyRange range) implements Action {}

    /// Binds a key to a value, under a lease unless that is 0.
    ///
    /// @param keepValue binds it to the value that it has, instead of this one
    /// @param keepLease leaves it under the lease that it has, instead of this one
    record Put(Bytes key, Bytes value, long lease, boolean keepValue, boolean keepLease)
        implements Action {
      public Put(Bytes key, Bytes value, long lease) {
        this(key, value, lease, false, false);
      }
    }

    /// Unbinds all keys of a range.
    record Delete(KeyRange range) implements Action {}

    /// A transaction within the transaction. Its conditions are looked at before anything is done.
    record Nested(Transaction transaction) implements Action {}
  }

  /// What came of a transaction.
  ///
  /// @param revision of the change, or the present one if there was none
  /// @param held whether the conditions did
  /// @param results of the actions done, in their order
  public record Outcome(long revision, boolean held, List<Result> results) {
    public Outcome {
      results = List.copyOf(results);
    }
  }

  /// What came of an action.
  public sealed interface Result {
    record Read(List<Item> items) implements Result {
      public Read {
        items = List.copyOf(items);
      }
    }

    record Put(Optional<Item> previous) implements Result {}

    record Delete(List<Item> previous) implements Result {
      public Delete {
        previous = List.copyOf(previous);
      }
    }

    record Nested(Outcome outcome) implements Result {}
  }
}
