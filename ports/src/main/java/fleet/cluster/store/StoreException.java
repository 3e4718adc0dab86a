package fleet.cluster.store;

/// The store could not do what it was asked.
public abstract sealed class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreException(String message) {
    super(message);
  }

  /// No answer, or not in time: the store is away, overloaded or out of reach.
  ///
  /// A read can be tried again after a pause. A grant may have happened; the lease that nobody
  /// keeps alive expires by itself.
  public static sealed class Unavailable extends StoreException permits Unwritable {
    private static final long serialVersionUID = 1;

    /// @param message names the store and what was asked of it
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }

    /// @param message names the store and what was asked of it
    public Unavailable(String message) {
      super(message);
    }
  }

  /// The store can be read, and takes nothing: its disk is full, read-only or broken.
  ///
  /// What was asked for has not been done. The store goes on trying by itself, so it can be asked
  /// again after a pause; reads, deletions and leases that live may be served meanwhile.
  public static final class Unwritable extends Unavailable {
    private static final long serialVersionUID = 1;

    /// @param message names the store, what was asked of it, the path and the cause
    public Unwritable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The revision asked for is no longer kept. Read the present one instead.
  public static final class Compacted extends StoreException {
    private static final long serialVersionUID = 1;
    private final long oldest;

    /// @param asked the revision that is gone
    /// @param oldest the oldest revision that can still be read
    public Compacted(long asked, long oldest) {
      super("revision " + asked + " has been compacted; the oldest kept is " + oldest);
      this.oldest = oldest;
    }

    /// The oldest revision that can still be read.
    public long oldest() {
      return oldest;
    }
  }

  /// The store understood and said no: wrong credentials, no permission, no space, a request that
  /// is too large. Trying again does not help until a human has acted.
  public static final class Denied extends StoreException {
    private static final long serialVersionUID = 1;

    /// @param message names the store, what was asked of it, and its answer
    public Denied(String message, Throwable cause) {
      super(message, cause);
    }

    /// @param message names the store, what was asked of it, and its answer
    public Denied(String message) {
      super(message);
    }
  }
}
