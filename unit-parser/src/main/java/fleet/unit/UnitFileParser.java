package fleet.unit;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Reads a unit file as systemd 252 does (systemd.syntax(7), `src/shared/conf-parser.c`).
///
/// ```
/// file    = { line | comment }
/// line    = [ header | option ], continued after a backslash at its end in the next line that is
///           no comment
/// comment = "#" or ";" and the rest of the line, whatever that ends in
/// header  = "[" name "]"
/// option  = name "=" value
/// ```
///
/// White space around each of them is a space, a tab or a line end. A line ends with a line feed, a
/// carriage return, a NUL, or several different ones of these. A byte order mark is dropped where a
/// line first begins with one.
///
/// What stands before the first header, and what is neither header nor option, systemd ignores: it
/// is not in the file, and there is a warning. An option without a name systemd ignores too; it
/// stays in the file, since fleet 1.0 kept it, and there is a warning. A header that is not whole,
/// or that has quotation marks, backslashes or control characters, and a line that is not UTF-8 and
/// no comment, make systemd refuse the file; so does a line that is too long.
///
/// The parser moves forward only and looks at each character a fixed number of times, so that the
/// work is linear in the length of the text.
final class UnitFileParser {

  /// Nobody reads more.
  private static final int MOST_WARNINGS = 20;

  /// What was read.
  ///
  /// @param lost why the options alone do not say all that the text does, if so
  record Result(UnitFile file, List<String> warnings, @Nullable String lost) {}

  private final CharSequence text;
  private final List<UnitOption> options = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private @Nullable String lost;
  private @Nullable String section;
  private LogicalLine logical = new LogicalLine();
  private int logicalBytes;
  private boolean markSeen;

  /// The line that was read last: its number, its characters, and how it ended.
  private int line;

  private int start;
  private int end;
  private int bytes;
  private boolean fed;
  private int at;

  private UnitFileParser(CharSequence text) {
    this.text = text;
  }

  /// @param text in which each byte that was no UTF-8 is half a surrogate pair: see
  ///     [UnitText#decode]
  static Parsed<Result> parse(CharSequence text) {
    try {
      return new Ok<>(new UnitFileParser(text).file());
    } catch (Refusal refusal) {
      return new Malformed<>(refusal.reason);
    }
  }

  private Result file() throws Refusal {
    while (at < text.length()) {
      nextLine();
      CharSequence content = text.subSequence(start, end);
      if (LogicalLine.isComment(content)) {
        logical.addComment(content, fed);
      } else {
        add(withoutMark(content));
      }
    }
    if (logical.isOpen()) {
      line++; // where systemd says that it ends
      finish();
    }
    return new Result(UnitFile.apart(options, true), warnings, lost);
  }

  /// Finds the next line, and moves past its end.
  private void nextLine() throws Refusal {
    line++;
    start = at;
    bytes = 0;
    while (at < text.length() && !isLineEnd(text.charAt(at))) {
      bytes += UnitText.bytes(text.charAt(at++));
    }
    if (bytes >= UnitFile.LONGEST_LINE_BYTES) {
      throw new Refusal(
          "line too long (max " + UnitFile.LONGEST_LINE_BYTES + " bytes): line " + line);
    }
    end = at;
    fed = at < text.length() && text.charAt(at) == '\n';
    passLineEnd();
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r' || c == 0;
  }

  /// Moves past one line end: of the three characters each at most once, and none after a NUL.
  private void passLineEnd() {
    boolean more = true;
    while (more && at < text.length() && isLineEnd(text.charAt(at))) {
      char c = text.charAt(at);
      for (int i = end; i < at; i++) {
        more &= text.charAt(i) != c && text.charAt(i) != 0;
      }
      if (more) {
        at++;
        if (c == 0) {
          lose("NUL character in line " + line);
          warn("a NUL ends the line here");
        }
      }
    }
  }

  private CharSequence withoutMark(CharSequence content) {
    if (markSeen || content.isEmpty() || content.charAt(0) != LogicalLine.BYTE_ORDER_MARK) {
      return content;
    }
    markSeen = true;
    bytes -= UnitText.bytes(LogicalLine.BYTE_ORDER_MARK);
    return content.subSequence(1, content.length());
  }

  private void add(CharSequence content) throws Refusal {
    if (!UnitText.isTextToSystemd(content)) {
      throw refusal("it is not text in UTF-8", "found " + excerpt(content));
    }
    if (logical.isOpen() && logicalBytes + bytes > UnitFile.LONGEST_LINE_BYTES) {
      throw new Refusal(
          "line too long (max "
              + UnitFile.LONGEST_LINE_BYTES
              + " bytes): line "
              + line
              + ", with those that it continues");
    }
    logicalBytes += bytes;
    logical.add(content, fed);
    if (!logical.isOpen()) {
      finish();
    }
  }

  /// Takes the line that is now whole.
  private void finish() throws Refusal {
    String meaning = logical.meaning();
    if (meaning.startsWith("[")) {
      section = header(meaning);
    } else if (!meaning.isEmpty()) {
      option(meaning);
    }
    logical = new LogicalLine();
    logicalBytes = 0;
  }

  private String header(String meaning) throws Refusal {
    int close = meaning.indexOf(']');
    if (close < 0) {
      throw refusal("unable to find end of section", "expected \"]\" after " + excerpt(meaning));
    }
    if (!meaning.endsWith("]")) {
      String garbage = UnitText.strip(meaning.substring(close + 1));
      throw refusal(
          "found garbage after section name : " + goBytes(garbage),
          "expected nothing after \"]\", found " + excerpt(garbage));
    }
    String name = meaning.substring(1, meaning.length() - 1);
    if (!name.chars().allMatch(UnitFileParser::mayBeInHeader)) {
      throw refusal(
          "bad characters in section name",
          "expected no quotation marks, backslashes and control characters, found "
              + excerpt(meaning));
    }
    return name;
  }

  private static boolean mayBeInHeader(int c) {
    return c >= ' ' && c != 0x7f && c != '"' && c != '\'' && c != '\\';
  }

  private void option(String meaning) throws Refusal {
    int equals = meaning.indexOf('=');
    String name = UnitText.strip(meaning.substring(0, Math.max(equals, 0)));
    if (section == null) {
      warn(
          "it stands before the first section, so it is ignored: "
              + excerpt(meaning)
              + (FleetOption.knows(name) ? "; it belongs in [X-Fleet]" : ""));
    } else if (equals < 0) {
      lose(
          "unexpected newline encountered while parsing option name: line "
              + line
              + ": expected name=value, found "
              + excerpt(meaning));
      warn("expected name=value, found " + excerpt(meaning) + ", which is ignored");
    } else if (isUnwritable(meaning)) {
      lose("line " + line + ": expected name=value, found " + excerpt(meaning));
      warn("expected name=value, found " + excerpt(meaning) + ", which nobody knows");
    } else if (options.size() == UnitFile.MOST_OPTIONS) {
      throw new Refusal("too many options (max " + UnitFile.MOST_OPTIONS + ")");
    } else {
      if (name.isEmpty()) {
        warn("expected name=value, found " + excerpt(meaning) + ", which is ignored");
      }
      options.add(new UnitOption(section, name, logical.written(isBeforeBlank())));
    }
  }

  /// Whether it would be something else at the beginning of a line. It stood behind a byte order
  /// mark, and systemd knows no option of such a name.
  private static boolean isUnwritable(String meaning) {
    return LogicalLine.isComment(meaning) || meaning.charAt(0) == LogicalLine.BYTE_ORDER_MARK;
  }

  /// Whether what follows is a blank line, or nothing.
  private boolean isBeforeBlank() {
    int i = at;
    while (i < text.length() && !isLineEnd(text.charAt(i)) && UnitText.isBlank(text.charAt(i))) {
      i++;
    }
    return fed && (i == text.length() || isLineEnd(text.charAt(i)));
  }

  private void warn(String what) {
    if (warnings.size() < MOST_WARNINGS) {
      warnings.add("line " + line + ": " + what);
    } else if (warnings.size() == MOST_WARNINGS) {
      warnings.add("and more");
    }
  }

  private void lose(String why) {
    if (lost == null) {
      lost = why;
    }
  }

  private static String excerpt(CharSequence content) {
    return Quoted.text(UnitText.strip(content));
  }

  /// The bytes in decimal, as Go prints a byte slice: `[120 121]`.
  private static String goBytes(String garbage) {
    byte[] bytes = garbage.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, Math.min(bytes.length, Quoted.LONGEST))
        .mapToObj(i -> Integer.toString(bytes[i] & 0xff))
        .collect(Collectors.joining(" ", "[", bytes.length > Quoted.LONGEST ? " ...]" : "]"));
  }

  private Refusal refusal(String what, String expected) {
    return new Refusal(what + ": line " + line + ": " + expected);
  }

  /// Why systemd would not load the file. Never leaves this class.
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    Refusal(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }
}
