package fleet.ctl.verb;

import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.Synopsis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `fleetctl version`.
public final class ShowVersion implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis("version", "Print the version of this fleetctl", "", "", List.of());
  }

  @Override
  public int run(CommandCall call) {
    call.console().say("fleetctl version " + text());
    return Exit.DONE;
  }

  /// The version of the project, which the build writes into a resource.
  static String text() {
    try (InputStream resource = ShowVersion.class.getResourceAsStream("version")) {
      if (resource == null) {
        throw new IllegalStateException("this build of fleetctl lacks its version resource");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
