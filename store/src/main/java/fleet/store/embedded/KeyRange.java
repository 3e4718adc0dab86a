package fleet.store.embedded;

import java.util.Optional;

/// Keys that lie next to each other.
///
/// @param from the first
/// @param to where it ends, itself outside; empty if it does not
public record KeyRange(Bytes from, Optional<Bytes> to) {

  public static final KeyRange ALL = new KeyRange(Bytes.EMPTY, Optional.empty());

  public static KeyRange of(Bytes key) {
    return new KeyRange(key, Optional.of(key.next()));
  }

  public static KeyRange under(Bytes prefix) {
    return new KeyRange(prefix, prefix.afterAllUnder());
  }

  public boolean contains(Bytes key) {
    return key.compareTo(from) >= 0 && startsBefore(key);
  }

  private boolean startsBefore(Bytes key) {
    return to.isEmpty() || key.compareTo(to.get()) < 0;
  }

  /// Whether it holds all keys that begin with [#from()], and no others.
  boolean isPrefix() {
    return to.equals(from.afterAllUnder());
  }

  /// Whether it can hold no more than one key.
  boolean isOneKey() {
    return to.isPresent() && to.get().equals(from.next());
  }
}
