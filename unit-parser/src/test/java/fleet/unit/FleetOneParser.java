package fleet.unit;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Reads a unit file as fleet 1.0 did (go-systemd `unit/deserialize.go` of 2016), to compare with.
///
/// ```
/// file    = { comment | any character but "[" } { section }
/// section = "[" name "]" blank rest of the line { white space | comment | option }
/// comment = "#" or ";" and the rest of the line; after a backslash at its end, the next line too
/// option  = key "=" value
/// key     = characters but "=", line feed and carriage return, trimmed
/// value   = the rest of the line; after a backslash at its end, the next line too; trimmed
/// ```
///
/// Three habits are not systemd's: what stands before the first header is skipped, a comment can go
/// on in the next line, and a comment inside of a continued value is part of the value.
public final class FleetOneParser {

  private final CharSequence text;
  private final List<UnitOption> options = new ArrayList<>();
  private int at;

  private FleetOneParser(CharSequence text) {
    this.text = text;
  }

  /// What fleet 1.0 read in a text.
  public static Parsed<UnitFile> parse(CharSequence text) {
    try {
      return new Ok<>(new UnitFile(new FleetOneParser(text).file()));
    } catch (Syntax syntax) {
      return new Malformed<>(syntax.reason);
    }
  }

  private List<UnitOption> file() throws Syntax {
    beforeAnyHeader();
    while (at < text.length()) {
      section(header());
    }
    return options;
  }

  /// Skips to the first header, which may begin anywhere in a line.
  private void beforeAnyHeader() {
    while (at < text.length() && text.charAt(at) != '[') {
      if (atComment()) {
        skipComment();
      } else {
        at++;
      }
    }
  }

  /// The name of the section whose `[` is next. It is taken as it stands, line feeds included.
  private String header() throws Syntax {
    int open = at++;
    while (at < text.length() && text.charAt(at) != ']') {
      at++;
    }
    if (at == text.length()) {
      throw syntax("unable to find end of section", open, "expected \"]\" after " + from(open));
    }
    String name = text.subSequence(open + 1, at++).toString();
    int rest = at;
    String garbage = UnitText.trim(restOfLine());
    if (!garbage.isEmpty()) {
      throw syntax(
          "found garbage after section name : " + goBytes(garbage),
          rest,
          "expected nothing after \"]\", found " + Quoted.text(garbage));
    }
    return name;
  }

  /// Reads options up to the next header or the end.
  private void section(String name) throws Syntax {
    while (at < text.length() && text.charAt(at) != '[') {
      if (UnitText.isSpace(text.charAt(at))) {
        at++;
      } else if (atComment()) {
        skipComment();
      } else if (options.size() == UnitFile.MOST_OPTIONS) {
        throw new Syntax("too many options (max " + UnitFile.MOST_OPTIONS + ")");
      } else {
        options.add(new UnitOption(name, optionName(), optionValue()));
      }
    }
  }

  private String optionName() throws Syntax {
    int start = at;
    while (at < text.length() && text.charAt(at) != '=') {
      if (text.charAt(at) == '\n' || text.charAt(at) == '\r') {
        throw syntax(
            "unexpected newline encountered while parsing option name",
            start,
            "expected name=value, found " + from(start));
      }
      at++;
    }
    if (at == text.length()) {
      throw syntax("EOF", start, "expected name=value, found " + from(start));
    }
    return UnitText.trim(text.subSequence(start, at++));
  }

  /// The value that begins here: the rest of the line and, as long as lines end in a backslash, the
  /// next. A blank line ends it too, and leaves the line feed before it in the value.
  private String optionValue() {
    var value = new StringBuilder();
    boolean continued = true;
    while (continued) {
      CharSequence line = restOfLine();
      continued = endsInBackslash(line);
      if (!UnitText.trim(line).isEmpty()) {
        value.append(line);
      }
      if (continued && text.charAt(at - 1) == '\n') {
        value.append('\n');
      }
    }
    boolean endedByBlankLine = !value.isEmpty() && value.charAt(value.length() - 1) == '\n';
    return endedByBlankLine ? UnitText.trim(value) + "\n" : UnitText.trim(value);
  }

  private boolean atComment() {
    return text.charAt(at) == '#' || text.charAt(at) == ';';
  }

  /// Skips the line, and the next if it ends in a backslash, which one space may follow.
  private void skipComment() {
    CharSequence line;
    do {
      line = restOfLine();
      if (!line.isEmpty() && line.charAt(line.length() - 1) == ' ') {
        line = line.subSequence(0, line.length() - 1);
      }
    } while (endsInBackslash(line));
  }

  private static boolean endsInBackslash(CharSequence line) {
    return !line.isEmpty() && line.charAt(line.length() - 1) == '\\';
  }

  /// The text up to the next line feed, and moves past that.
  private CharSequence restOfLine() {
    int start = at;
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
    int end = at;
    if (at < text.length()) {
      at++;
    }
    return text.subSequence(start, end);
  }

  /// What stands in the line from there on, for a message.
  private String from(int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) != '\n') {
      end++;
    }
    return Quoted.text(UnitText.trim(text.subSequence(start, end)));
  }

  /// The bytes in decimal, as Go prints a byte slice: `[120 121]`.
  private static String goBytes(String garbage) {
    byte[] bytes = garbage.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, Math.min(bytes.length, Quoted.LONGEST))
        .mapToObj(i -> Integer.toString(bytes[i] & 0xff))
        .collect(Collectors.joining(" ", "[", bytes.length > Quoted.LONGEST ? " ...]" : "]"));
  }

  private Syntax syntax(String what, int where, String expected) {
    long line = 1 + text.subSequence(0, where).chars().filter(c -> c == '\n').count();
    return new Syntax(what + ": line " + line + ": " + expected);
  }

  /// What is wrong with the file. Never leaves this class.
  private static final class Syntax extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    Syntax(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }
}
