package fleet.store.embedded;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A disk that fails when it is told to.
final class FailingDisk implements Disk {

  static final String FULL = "No space left on device";
  static final String BROKEN = "Input/output error";
  static final String READ_ONLY = "Read-only file system";

  private static final int FOR_EVER = Integer.MAX_VALUE;

  private record Failure(String message, int times) {}

  // Guarded by this.
  private final Map<Request, Failure> failures = new EnumMap<>(Request.class);

  private volatile CountDownLatch frozen = new CountDownLatch(0);

  /// Has requests fail from now on.
  synchronized void fail(String message, Request... requests) {
    for (Request request : requests) {
      failures.put(request, new Failure(message, FOR_EVER));
    }
  }

  /// Has the next request of a kind fail, and no other.
  void failOnce(String message, Request request) {
    fail(message, 1, request);
  }

  /// Has the next requests of a kind fail.
  synchronized void fail(String message, int times, Request request) {
    failures.put(request, new Failure(message, times));
  }

  /// Has nothing be written.
  void failToWrite(String message) {
    fail(message, Request.OPEN_TO_WRITE, Request.WRITE, Request.SYNC, Request.RESERVE);
  }

  /// Has it work again.
  synchronized void work() {
    failures.clear();
    frozen.countDown();
  }

  /// Has it answer no sync until it works again.
  void freeze() {
    frozen = new CountDownLatch(1);
  }

  @Override
  public void ask(Request request) throws IOException {
    refuse(request);
    if (request == Request.SYNC) {
      try {
        boolean _ = frozen.await(5, TimeUnit.MINUTES);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void refuse(Request request) throws IOException {
    Failure failure = failures.get(request);
    if (failure != null) {
      if (failure.times() == 1) {
        failures.remove(request);
      } else {
        failures.put(request, new Failure(failure.message(), failure.times() - 1));
      }
      throw new IOException(failure.message());
    }
  }
}
