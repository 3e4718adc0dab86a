package fleet.api;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A machine that is present.
///
/// @param primaryIp where other machines reach it; empty if it has not found out
public record MachineResource(String id, String primaryIp, SortedMap<String, String> metadata) {

  public MachineResource {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
  }
}
