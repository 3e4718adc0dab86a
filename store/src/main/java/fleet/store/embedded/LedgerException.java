package fleet.store.embedded;

/// What a [Ledger] cannot do.
public abstract sealed class LedgerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LedgerException(String message) {
    super(message);
  }

  LedgerException(String message, Throwable cause) {
    super(message, cause);
  }

  /// It has been closed: nothing more comes of it until it is opened again. What was asked for may
  /// have been done.
  public static final class Stopped extends LedgerException {
    private static final long serialVersionUID = 1;

    Stopped(String message) {
      super(message);
    }

    Stopped(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The disk failed while it was asked. What was asked for may have been done. The ledger opens
  /// itself anew.
  public static final class Failed extends LedgerException {
    private static final long serialVersionUID = 1;

    Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The disk takes nothing, or not this, at present. Nothing of what was asked for has been done.
  /// The ledger goes on trying.
  public static final class Unwritable extends LedgerException {
    private static final long serialVersionUID = 1;
    private final boolean full;

    Unwritable(String message, boolean full) {
      super(message);
      this.full = full;
    }

    /// Whether it is space that lacks: then keys can still be deleted.
    public boolean full() {
      return full;
    }
  }

  /// The disk did not answer in time. What was asked for may have been done, or will be.
  public static final class Slow extends LedgerException {
    private static final long serialVersionUID = 1;

    Slow(String message) {
      super(message);
    }
  }

  /// The revision is no longer kept.
  public static final class Compacted extends LedgerException {
    private static final long serialVersionUID = 1;
    private final long asked;
    private final long oldest;

    Compacted(long asked, long oldest) {
      super("revision " + asked + " has been compacted; the oldest kept is " + oldest);
      this.asked = asked;
      this.oldest = oldest;
    }

    public long asked() {
      return asked;
    }

    public long oldest() {
      return oldest;
    }
  }

  /// The revision is yet to come.
  public static final class Future extends LedgerException {
    private static final long serialVersionUID = 1;

    Future(long asked, long present) {
      super("revision " + asked + " is yet to come, after " + present);
    }
  }

  /// There is no such lease, or it has ended.
  public static final class NoLease extends LedgerException {
    private static final long serialVersionUID = 1;

    NoLease(long lease) {
      super("there is no lease " + lease + ", or it has ended");
    }
  }

  /// A lease of that number is already there.
  public static final class LeaseExists extends LedgerException {
    private static final long serialVersionUID = 1;

    LeaseExists(long lease) {
      super("there already is a lease " + lease);
    }
  }

  /// A put would keep the value or the lease of a key that does not exist.
  public static final class NoKey extends LedgerException {
    private static final long serialVersionUID = 1;

    NoKey(Bytes key) {
      super("there is no key " + key.text() + " whose value or lease could be kept");
    }
  }

  /// A transaction would change a key twice.
  public static final class ChangedTwice extends LedgerException {
    private static final long serialVersionUID = 1;

    ChangedTwice(Bytes key) {
      super("transaction changes key " + key.text() + " twice");
    }
  }

  /// What was asked for is more than it may be. Ask for it in parts.
  public static final class TooMuch extends LedgerException {
    private static final long serialVersionUID = 1;

    TooMuch(long limit) {
      super("the range has more than " + limit + " bytes: ask for it in parts, with a limit");
    }
  }

  /// The file is as large as it may become. Keys can still be deleted.
  public static final class Full extends LedgerException {
    private static final long serialVersionUID = 1;

    Full(long bytes, long limit) {
      super("the file has " + bytes + " bytes, and may have " + limit);
    }
  }
}
