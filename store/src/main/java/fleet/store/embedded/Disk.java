package fleet.store.embedded;

import java.io.IOException;

/// What the file system is asked for a ledger. A test puts itself in between, and has it fail.
interface Disk {

  /// The one that fails only by itself.
  Disk REAL = _ -> {};

  /// What it is asked for.
  enum Request {
    OPEN_TO_WRITE,
    READ,
    WRITE,
    SYNC,
    /// To write and sync a part of the [Reserve].
    RESERVE
  }

  /// Called before each request.
  ///
  /// @throws IOException if the request is to fail
  void ask(Request request) throws IOException;
}
