package fleet.testing.time;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Keeps what the thread that has made it writes into a log: other tests may run beside it.
public final class ThreadLog extends Handler {

  private final long thread = Thread.currentThread().threadId();
  private final List<LogRecord> records = new ArrayList<>();

  @Override
  public void publish(LogRecord line) {
    if (line.getLongThreadID() == thread) {
      records.add(line);
    }
  }

  /// What it has kept, the oldest first.
  public List<LogRecord> records() {
    return records;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
