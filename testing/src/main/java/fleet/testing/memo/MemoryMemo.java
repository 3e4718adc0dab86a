package fleet.testing.memo;

import fleet.agent.memo.Memo;
import java.io.IOException;
import java.util.Optional;

/// A memo in memory: outlives an agent that is killed in a test.
public final class MemoryMemo implements Memo {

  private String text = "";
  private boolean stale;
  private Optional<String> failure = Optional.empty();

  public MemoryMemo() {}

  /// Another one with the same text.
  public synchronized MemoryMemo copy() {
    var copy = new MemoryMemo();
    copy.text = text;
    copy.stale = stale;
    return copy;
  }

  @Override
  public synchronized Found read() {
    return new Found(text, stale);
  }

  @Override
  public synchronized void write(String text) throws IOException {
    if (failure.isPresent()) {
      throw new IOException(failure.get());
    }
    this.text = text;
    stale = false;
  }

  @Override
  public synchronized void outdate() {
    stale = !text.isEmpty();
  }

  /// Makes further writes fail for a reason such as a full disk, or succeed again.
  public synchronized void failing(Optional<String> reason) {
    failure = reason;
  }
}
