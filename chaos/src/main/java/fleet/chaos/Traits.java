package fleet.chaos;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is particular about some units: what may end them, or must not happen to them.
///
/// @param companions units that go where another goes: by their names, those others
/// @param exclusive units of which there must never be two copies
/// @param bound units that stop where the store is not heard: `Disconnect=stop`, and the exclusive
///     ones
/// @param breaking units that fail on a machine where what they need is missing
/// @param own by name of a unit, the node that has one of that name of its own
record Traits(
    SortedMap<String, String> companions,
    SortedSet<String> exclusive,
    SortedSet<String> bound,
    SortedSet<String> breaking,
    SortedMap<String, String> own) {

  Traits {
    companions = Collections.unmodifiableSortedMap(new TreeMap<>(companions));
    exclusive = Collections.unmodifiableSortedSet(new TreeSet<>(exclusive));
    bound = Collections.unmodifiableSortedSet(new TreeSet<>(bound));
    breaking = Collections.unmodifiableSortedSet(new TreeSet<>(breaking));
    own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
  }

  /// Whether that is the machine's own unit, which is none of fleet's business.
  boolean isOwn(Run run) {
    return run.node().equals(own.get(run.unit()));
  }
}
