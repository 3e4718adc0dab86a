package fleet.agent;

import java.io.IOException;

/// One text that outlives the agent.
public interface Memo {

  /// What was last written; empty if nothing was.
  ///
  /// @throws IOException if there is something, but it cannot be read; names it
  String read() throws IOException;

  /// Replaces what was written. All of it will be read, or all of what was there before.
  ///
  /// @throws IOException if it cannot be written; what was there before still is
  void write(String text) throws IOException;
}
