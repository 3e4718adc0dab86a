package fleet.daemon.config;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the configuration file's dialect of INI, as fleet v1 did: one `key = value` a line.
///
/// Keys are lower-cased, and a later one wins. `#` and `;` begin a comment at the start of a line,
/// and end a value that is not quoted. A backslash at the end joins the next line. Keys below a
/// `[section]` are not ours.
///
/// In one place we differ: v1 kept the quotes of `"a=b" # why`, a trap; here they are quotes.
final class IniFile {

  private final TreeMap<String, Setting> settings = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private boolean inSection;

  private IniFile() {}

  /// What a line of the file sets, and where it stands.
  record Setting(String value, int line) {}

  /// The settings of a file by key, or all that is wrong with it.
  static Parsed<SortedMap<String, Setting>> parse(String text) {
    var file = new IniFile();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      int number = i + 1;
      var line = new StringBuilder(lines[i].strip());
      while (endsIn(line, '\\') && i + 1 < lines.length) {
        line.setLength(line.length() - 1);
        line.append(lines[++i].strip());
      }
      file.take(line.toString(), number);
    }
    return file.problems.isEmpty()
        ? new Ok<>(Collections.unmodifiableSortedMap(file.settings))
        : new Malformed<>(String.join("\n", file.problems));
  }

  private static boolean endsIn(StringBuilder line, char c) {
    return !line.isEmpty() && line.charAt(line.length() - 1) == c;
  }

  private void take(String line, int number) {
    if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
      return;
    }
    if (line.startsWith("[") && line.endsWith("]")) {
      inSection = true;
      return;
    }
    int equals = line.indexOf('=');
    String key = equals < 0 ? line : line.substring(0, equals).strip();
    if (equals < 0 || key.isEmpty() || key.chars().anyMatch(Character::isWhitespace)) {
      problems.add("line " + number + ": expected key=value, found \"" + line + "\"");
    } else if (!inSection) {
      settings.put(
          key.toLowerCase(Locale.ROOT),
          new Setting(unquoted(line.substring(equals + 1).strip()), number));
    }
  }

  private static String unquoted(String value) {
    if (value.startsWith("\"") || value.startsWith("'")) {
      int end = value.indexOf(value.charAt(0), 1);
      if (end > 0) {
        String rest = value.substring(end + 1).strip();
        if (rest.isEmpty() || rest.startsWith("#") || rest.startsWith(";")) {
          return value.substring(1, end);
        }
      }
    }
    int end = 0;
    while (end < value.length() && value.charAt(end) != '#' && value.charAt(end) != ';') {
      end++;
    }
    return value.substring(0, end).strip();
  }
}
