package fleet.pem;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of keys or certificates cannot be used. The message names it, and says what is wrong with
/// it.
public final class PemException extends IOException {

  private static final long serialVersionUID = 1;

  PemException(Path file, String problem, @Nullable Exception cause) {
    super(file + ": " + problem, cause);
  }
}
