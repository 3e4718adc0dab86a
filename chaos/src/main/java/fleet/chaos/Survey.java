package fleet.chaos;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A look at a cluster at rest: what the cluster says, and what its machines do.
///
/// @param listed what `fleetctl list-unit-files` says of each unit
/// @param told what `fleetctl list-units` says: the state of each unit on each node
/// @param active what systemd of each node says of each unit that it knows
/// @param files the unit files of each node, by their SHA-1
/// @param own what systemd says of the units that machines have of their own, by unit; `active`
///     above has none of them
/// @param roles the metadata `role` of each node that has it
record Survey(
    SortedMap<String, Wish> listed,
    SortedMap<String, SortedMap<String, String>> told,
    SortedMap<String, SortedMap<String, String>> active,
    SortedMap<String, SortedMap<String, String>> files,
    SortedMap<String, String> own,
    SortedMap<String, String> roles) {

  Survey {
    listed = Collections.unmodifiableSortedMap(new TreeMap<>(listed));
    told = Collections.unmodifiableSortedMap(new TreeMap<>(told));
    active = Collections.unmodifiableSortedMap(new TreeMap<>(active));
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
    roles = Collections.unmodifiableSortedMap(new TreeMap<>(roles));
  }
}
