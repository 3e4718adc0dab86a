package fleet.testing.saved;

import fleet.agent.saved.SavedText;
import java.io.IOException;
import java.util.Optional;

/// A saved text in memory: outlives an agent that is killed in a test.
public final class MemoryText implements SavedText {

  private String text = "";
  private boolean stale;
  private Optional<String> failure = Optional.empty();

  public MemoryText() {}

  /// Another one with the same text.
  public synchronized MemoryText copy() {
    var copy = new MemoryText();
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
