package fleet.agent.saved;

import java.io.IOException;

/// One text that outlives the agent.
public interface SavedText {

  /// What is read.
  ///
  /// @param text what was last written; empty if nothing was
  /// @param stale whether it was [#outdate]d since: things have changed, and could not be written
  record Found(String text, boolean stale) {}

  /// What was last written.
  ///
  /// @throws IOException if there is something, but it cannot be read; names it
  Found read() throws IOException;

  /// Replaces what was written. All of it will be read, or all of what was there before.
  ///
  /// @throws IOException if it cannot be written; what was there before still is
  void write(String text) throws IOException;

  /// Marks what was written as stale, since it could not be replaced. It takes no space, and so
  /// succeeds on a full disk.
  ///
  /// @throws IOException if it cannot be marked; names it
  void outdate() throws IOException;
}
