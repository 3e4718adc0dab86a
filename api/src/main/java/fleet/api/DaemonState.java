package fleet.api;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a daemon shows of itself when it is sent USR1: fleet v1's form.
///
/// @param targetStates how far each unit of this machine should come: `loaded` or `launched`
/// @param states what the machine says of each of its units
/// @param toPublish that of it which the store does not say yet
public record DaemonState(
    SortedMap<String, String> targetStates,
    SortedMap<String, UnitStateResource> states,
    SortedMap<String, UnitStateResource> toPublish) {

  public DaemonState {
    targetStates = Collections.unmodifiableSortedMap(new TreeMap<>(targetStates));
    states = Collections.unmodifiableSortedMap(new TreeMap<>(states));
    toPublish = Collections.unmodifiableSortedMap(new TreeMap<>(toPublish));
  }
}
