package fleet.ctl.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Where the program runs: all that it takes in and gives out beside its arguments.
///
/// @param directory what relative paths are relative to
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> variables,
    Path directory) {

  /// The console of this process. Text is UTF-8 whatever the locale says: unit files are.
  public static Console ofProcess() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        Path.of(""));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /// Prints `line` as a result.
  public void say(String line) {
    out.print(Printable.line(line) + "\n");
  }

  /// Prints `line` where it does not mix with results.
  public void complain(String line) {
    err.print(Printable.line(line) + "\n");
  }
}
