package fleet.unit;

/// One line as systemd counts them: a line of the file and, as long as lines end in a backslash,
/// the next. Comment lines in between are skipped, and do not end it (systemd.syntax(7)).
///
/// A backslash continues a line only if no backslash before it escapes it: of several at the end,
/// an odd number does.
///
/// Of the value two forms are kept. Its *meaning* is what systemd takes: the lines joined, each
/// backslash at their ends replaced by a space. The form that is *written* keeps backslashes and
/// line feeds, so that long values stay readable and have the fingerprint that fleet 1.0 gave them.
/// For the same reason it keeps the comments that fleet 1.0 took for parts of the value: those that
/// end in a backslash, and the first that does not if the value ends there.
final class LogicalLine {

  /// At the beginning of a line it is dropped once in a file.
  static final char BYTE_ORDER_MARK = '\ufeff';

  private final StringBuilder meaning = new StringBuilder();
  private final StringBuilder written = new StringBuilder();

  /// Whether the first equals sign has come, and `written` has begun.
  private boolean assigned;

  /// Where in `written` the backslash of the last continued line is.
  private int joint;

  /// Whether the last line was continued, and fleet 1.0 would not have seen that.
  private boolean cut;

  private boolean open;
  private boolean lastIsBlank;
  private CharSequence lastComment = "";

  LogicalLine() {}

  /// Whether a line that systemd reads by itself is a comment.
  static boolean isComment(CharSequence line) {
    int i = 0;
    while (i < line.length() && UnitText.isBlank(line.charAt(i))) {
      i++;
    }
    return i < line.length() && (line.charAt(i) == '#' || line.charAt(i) == ';');
  }

  /// Whether the line goes on in the next.
  static boolean continues(CharSequence line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  /// Whether more lines belong to it.
  boolean isOpen() {
    return open;
  }

  /// Adds the first line, or the next of one that [#isOpen()]: one that is no comment.
  ///
  /// @param fed whether it ends with a line feed, and not with what fleet 1.0 took for a part of
  ///     the line: a carriage return, a NUL or nothing
  void add(CharSequence line, boolean fed) {
    boolean blank = UnitText.isBlank(line);
    if (assigned) {
      addToValue(line, blank);
    } else {
      int equals = indexOfEquals(line);
      if (equals >= 0) {
        assigned = true;
        written.append(line, equals + 1, line.length());
      }
    }
    boolean first = meaning.isEmpty();
    meaning.append(line);
    open = continues(line);
    lastIsBlank = blank && !first;
    if (open) {
      meaning.setCharAt(meaning.length() - 1, ' ');
      if (assigned) {
        joint = written.length() - 1;
        written.append(fed ? "\n" : "");
        cut = !fed;
      }
    }
  }

  private void addToValue(CharSequence line, boolean blank) {
    if (blank) {
      written.append(UnitText.trimEnd(lastComment));
      return;
    }
    lastComment = "";
    if (cut) {
      written.append('\n');
      cut = false;
    }
    if (isComment(line) || line.charAt(0) == BYTE_ORDER_MARK) {
      // It followed a byte order mark. At the beginning of a line it would be read as something
      // else.
      written.setLength(joint);
      written.append(' ');
    }
    written.append(line);
  }

  private static int indexOfEquals(CharSequence line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '=') {
        return i;
      }
    }
    return -1;
  }

  /// Passes over a comment line.
  void addComment(CharSequence line, boolean fed) {
    if (!assigned || !open || cut || !lastComment.isEmpty() || !UnitText.isUnicode(line)) {
      return;
    }
    if (fed && line.charAt(line.length() - 1) == '\\') {
      written.append(line).append('\n');
    } else {
      lastComment = line;
    }
  }

  /// What systemd sees, without white space at its ends.
  String meaning() {
    return UnitText.strip(meaning);
  }

  /// The value as it is written after `name=`, if there is an equals sign.
  ///
  /// A backslash at its end is one that continues it into nothing, unless a space follows.
  ///
  /// @param beforeBlank whether a blank line or the end of the file follows
  String written(boolean beforeBlank) {
    if (open) {
      written.append(UnitText.trimEnd(lastComment));
    }
    String value = UnitText.strip(written);
    if (!written.isEmpty() && written.charAt(written.length() - 1) == '\n') {
      return value + "\n";
    }
    if (open || lastIsBlank || !value.endsWith("\\")) {
      return value;
    }
    if (continues(value)) {
      return value + " ";
    }
    return beforeBlank && written.charAt(written.length() - 1) == '\\' ? value + "\n" : value;
  }

  /// The meaning of a value that is written so.
  static String meaning(String value) {
    if (value.indexOf('\n') < 0 && !continues(value)) {
      return UnitText.strip(value);
    }
    return read(value).meaning();
  }

  /// Whether the last line of a value that is written so goes on in the next.
  static boolean continuesAtItsEnd(String value) {
    int feed = value.lastIndexOf('\n');
    return continues(value) && (feed < 0 || !isComment(value.substring(feed + 1)));
  }

  /// Whether a value that is written so would take in the line after it.
  static boolean takesInTheNext(String value) {
    return value.indexOf('\n') < 0 ? continues(value) : read(value).isOpen();
  }

  private static LogicalLine read(String value) {
    var line = new LogicalLine();
    int from = 0;
    do {
      int feed = value.indexOf('\n', from);
      CharSequence part = value.substring(from, feed < 0 ? value.length() : feed);
      if (from == 0 || !isComment(part)) {
        line.add(part, true);
      }
      from = feed < 0 ? value.length() + 1 : feed + 1;
    } while (line.isOpen() && from <= value.length());
    return line;
  }
}
