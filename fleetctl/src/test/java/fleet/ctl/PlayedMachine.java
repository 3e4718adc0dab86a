package fleet.ctl;

import fleet.ctl.ssh.LocalMachine;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// The machine that the command line of a transcript runs on. It runs no program: it prints, after
/// `>`, what it was to run, and does what the transcript has laid down.
final class PlayedMachine implements LocalMachine {

  /// What the next program does.
  ///
  /// @param prints on its output; an error that ssh would complain of is not told apart
  record Program(int status, String prints) {}

  private final Path folder;
  private final Queue<Program> script = new ArrayDeque<>();
  private String id = "";
  private boolean interactive;
  private boolean empty;
  private PrintStream out = System.out;

  /// @param folder one that is there, for the sockets of tunnels
  PlayedMachine(Path folder) {
    this.folder = folder;
  }

  void printTo(PrintStream out) {
    this.out = out;
  }

  void id(String id) {
    this.id = id;
  }

  void interactive(boolean interactive) {
    this.interactive = interactive;
  }

  /// Has the machine no programs at all.
  void empty(boolean empty) {
    this.empty = empty;
  }

  void next(Program program) {
    script.add(program);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public boolean interactive() {
    return interactive;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public int run(List<String> command) {
    Program program = program(command);
    out.print(program.prints());
    return program.status();
  }

  /// Plays a tunnel: forwards from the one socket to the other, if its status is 0.
  @Override
  public Running start(List<String> command) {
    Program program = program(command);
    if (program.status() != 0) {
      out.print(program.prints());
      return new Running() {
        @Override
        public Optional<String> nextLine() {
          return Optional.empty();
        }

        @Override
        public int status() {
          return program.status();
        }

        @Override
        public void close() {}
      };
    }
    String forward = command.get(command.indexOf("-L") + 1);
    int colon = forward.indexOf(':');
    int port = Integer.parseInt(forward.substring(forward.lastIndexOf(':') + 1));
    var relay = relay(Path.of(forward.substring(0, colon)), port);
    return new Running() {
      @Override
      public Optional<String> nextLine() {
        return Optional.of("ready");
      }

      @Override
      public int status() {
        throw new UnsupportedOperationException("it runs until it is closed");
      }

      @Override
      public void close() {
        relay.close();
        out.print("> the tunnel is closed\n");
      }
    };
  }

  private static Relay relay(Path socket, int port) {
    try {
      return new Relay(socket, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program program(List<String> command) {
    if (empty) {
      throw new NoSuchProgram(command.getFirst(), new IOException("No such file or directory"));
    }
    var line = new StringBuilder(">");
    for (String word : command) {
      boolean plain = word.indexOf(' ') < 0 && !word.isEmpty();
      line.append(' ').append(plain ? word : "<" + word + ">");
    }
    out.print(line.append('\n'));
    Program program = script.poll();
    return program == null ? new Program(0, "") : program;
  }
}
