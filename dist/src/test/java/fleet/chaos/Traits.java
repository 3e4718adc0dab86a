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
record Traits(
    SortedMap<String, String> companions,
    SortedSet<String> exclusive,
    SortedSet<String> bound,
    SortedSet<String> breaking) {

  Traits {
    companions = Collections.unmodifiableSortedMap(new TreeMap<>(companions));
    exclusive = Collections.unmodifiableSortedSet(new TreeSet<>(exclusive));
    bound = Collections.unmodifiableSortedSet(new TreeSet<>(bound));
    breaking = Collections.unmodifiableSortedSet(new TreeSet<>(breaking));
  }
}
