package fleet.cluster.registry;

import fleet.cluster.Explanation;
import fleet.cluster.MachineId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;

/// Why machines cannot take units, written once for all the units of which it is true.
///
/// @param name by which explanations refer to it: it follows from the text, so equal reasons have
///     one name, and what lies under a name cannot be another's
/// @param text as it lies in the store
public record Reasons(String name, String text) {

  /// Up to so many characters are written into the explanation itself: a reference, and the key
  /// that it leads to, would take as many.
  private static final int SHORT = 100;

  /// Half of a SHA-256, in hexadecimal digits: enough that no two texts have one name.
  private static final int NAME_BYTES = 16;

  /// What an explanation shares with others; empty if that is not worth a record of its own.
  public static Optional<Reasons> of(Explanation explanation) {
    return Optional.of(of(explanation.vetoes())).filter(reasons -> reasons.text.length() > SHORT);
  }

  static Reasons of(SortedMap<MachineId, String> vetoes) {
    String text = Codec.reasons(vetoes);
    return new Reasons(nameOf(text), text);
  }

  static String nameOf(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException absent) {
      throw new AssertionError("every Java has SHA-256", absent);
    }
  }
}
