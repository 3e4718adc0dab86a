package fleet.store.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that follow a ledger. For any thread; its lock guards what each [Feed] knows, too.
///
/// A cluster has some watches for each of its machines, and most changes concern one or two of
/// them. So whom a change concerns is looked up: nearly everybody follows the keys under some
/// prefix, and a key has no more prefixes than bytes.
final class Feeds {

  private final Map<Bytes, List<Feed>> byPrefix = new HashMap<>();
  private final List<Feed> others = new ArrayList<>();
  private long told;

  /// Up to which revision everybody knows what concerns him.
  synchronized long told() {
    return told;
  }

  synchronized void beginAfter(long revision) {
    told = revision;
  }

  synchronized void add(Feed feed) {
    if (isFoundByPrefix(feed)) {
      byPrefix.computeIfAbsent(feed.range().from(), _ -> new ArrayList<>()).add(feed);
    } else {
      others.add(feed);
    }
    feed.begin(told);
  }

  synchronized void remove(Feed feed) {
    others.remove(feed);
    List<Feed> there = byPrefix.get(feed.range().from());
    if (there != null && there.remove(feed) && there.isEmpty()) {
      byPrefix.remove(feed.range().from());
    }
  }

  /// Whether every key that concerns it begins with its first.
  private static boolean isFoundByPrefix(Feed feed) {
    return feed.range().isPrefix() || feed.range().isOneKey();
  }

  synchronized void wakeAll() {
    byPrefix.values().forEach(feeds -> feeds.forEach(Feed::wake));
    others.forEach(Feed::wake);
  }

  /// Tells everybody whom the revisions up to `revision` concern.
  synchronized void tell(LedgerFile file, long revision) {
    Set<Feed> concerned = new LinkedHashSet<>();
    if (!byPrefix.isEmpty() || !others.isEmpty()) {
      for (long at = told + 1; at <= revision; at++) {
        for (Bytes key : file.changed(at)) {
          tell(key, at, concerned);
        }
      }
    }
    told = revision;
    concerned.forEach(Feed::wake);
  }

  private void tell(Bytes key, long revision, Set<Feed> concerned) {
    for (int length = 0; length <= key.length(); length++) {
      for (Feed feed : byPrefix.getOrDefault(key.prefix(length), List.of())) {
        if (feed.hear(key, revision)) {
          concerned.add(feed);
        }
      }
    }
    for (Feed feed : others) {
      if (feed.hear(key, revision)) {
        concerned.add(feed);
      }
    }
  }
}
