package fleet.ctl.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The machine that fleetctl runs on, as far as its verbs need it: who it is, and its programs.
public interface LocalMachine {

  /// Its ID, as in `/etc/machine-id`; empty if it has none.
  String id();

  /// Whether somebody sits at a terminal, to type and to read.
  boolean interactive();

  /// A folder that only this user sees, and that vanishes with this process.
  Path folder();

  /// Runs a program until it ends. It reads and writes what fleetctl would.
  ///
  /// @return its exit status; if a signal ended it, 128 and the signal's number
  /// @throws NoSuchProgram if it cannot be started
  int run(List<String> command) throws InterruptedException;

  /// Starts a program that ends at the latest with this process. It reads and complains where
  /// fleetctl would, and prints for us.
  ///
  /// @throws NoSuchProgram if it cannot be started
  Running start(List<String> command);

  /// A program that runs.
  interface Running extends AutoCloseable {

    /// The next line that it prints; empty if there will be none.
    Optional<String> nextLine();

    /// Waits until it has ended.
    ///
    /// @return its exit status; if a signal ended it, 128 and the signal's number
    int status();

    /// Ends it.
    @Override
    void close();
  }

  /// A program cannot be started. Say so and end: the message tells what to install.
  final class NoSuchProgram extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// @param program what was to be started
    public NoSuchProgram(String program, Throwable cause) {
      super(
          "cannot run \""
              + program
              + "\""
              + (program.equals("ssh")
                  ? ": is the package openssh-client installed, and ssh in PATH?"
                  : ": is it installed, and in PATH?"),
          cause);
    }
  }
}
