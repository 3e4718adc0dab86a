package fleet.store.embedded;

import java.util.Optional;

/// What became of a key, and what was bound to it before, if that was asked for and is still kept.
public sealed interface Event {

  Bytes key();

  long revision();

  Optional<Item> previous();

  record Put(Item item, Optional<Item> previous) implements Event {
    @Override
    public Bytes key() {
      return item.key();
    }

    @Override
    public long revision() {
      return item.modRevision();
    }
  }

  record Delete(Bytes key, long revision, Optional<Item> previous) implements Event {}
}
