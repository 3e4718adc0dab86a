package fleet.store.embedded;

import java.util.ArrayList;
import java.util.List;

/// All that follow a ledger. For any thread.
final class Feeds {

  private final List<Feed> feeds = new ArrayList<>();
  private long told;

  synchronized void beginAfter(long revision) {
    told = revision;
  }

  synchronized void add(Feed feed) {
    feeds.add(feed);
    feed.begin(told);
  }

  synchronized void remove(Feed feed) {
    feeds.remove(feed);
  }

  synchronized void wakeAll() {
    feeds.forEach(Feed::wake);
  }

  /// Tells everybody whom the revisions up to `revision` concern.
  synchronized void tell(LedgerFile file, long revision) {
    for (long at = told + 1; at <= revision && !feeds.isEmpty(); at++) {
      for (Bytes key : file.changed(at)) {
        for (Feed feed : feeds) {
          feed.heard(key, at);
        }
      }
    }
    if (told < revision) {
      told = revision;
      feeds.forEach(feed -> feed.advance(revision));
    }
  }
}
