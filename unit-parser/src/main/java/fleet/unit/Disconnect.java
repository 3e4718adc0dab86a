package fleet.unit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What becomes of a unit on a machine that is cut off from the cluster, and so has lost it to
/// another machine.
public enum Disconnect {
  /// It runs on until the machine hears that it is not its own any more.
  KEEP,
  /// The machine stops it when its lease has not been renewed for its time to live.
  STOP;

  /// The word of the unit file.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads the word of a unit file; empty if it is none.
  public static Optional<Disconnect> of(String text) {
    return Arrays.stream(values()).filter(choice -> choice.text().equals(text)).findFirst();
  }
}
