package fleet.ctl.ssh;

import java.util.List;

/// Words for a POSIX shell, each quoted where it has to be.
final class ShellWords {

  private static final String PLAIN = "@%+=:,./-_";

  private ShellWords() {}

  /// What a shell reads as just these words.
  static String line(List<String> words) {
    var line = new StringBuilder();
    for (String word : words) {
      line.append(line.isEmpty() ? "" : " ").append(word(word));
    }
    return line.toString();
  }

  /// What a shell reads as this word.
  static String word(String word) {
    return isPlain(word) ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// Whether the word means itself, to a shell and to ssh's configuration.
  static boolean isPlain(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && PLAIN.indexOf(c) < 0) {
        return false;
      }
    }
    return !word.isEmpty();
  }
}
