package fleet.agent.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What a machine tells of a unit's journal. A function.
final class LogLines {

  /// How many lines are told at most.
  static final int MOST = 10;

  /// How many bytes of UTF-8 are told at most, the ends of lines not counted.
  static final int MOST_BYTES = 2_048;

  /// What programs write to color a terminal (ECMA-48, *CSI*), and all else that would move it.
  private static final Pattern CONTROLS =
      Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]|[\\p{Cc}&&[^\t]]");

  private LogLines() {}

  /// As much of the end as is told. Of a line that is too long for that, its beginning.
  static List<String> told(List<String> lines) {
    var told = new ArrayList<String>();
    int room = MOST_BYTES;
    for (String line : lines.reversed()) {
      String plain = CONTROLS.matcher(line).replaceAll("");
      if (told.size() == MOST || room == 0) {
        break;
      }
      told.addFirst(beginning(plain, room));
      room = Math.max(0, room - bytes(plain));
    }
    return told;
  }

  /// Whole characters only.
  private static String beginning(String line, int mostBytes) {
    if (bytes(line) <= mostBytes) {
      return line;
    }
    int end = 0;
    int room = mostBytes;
    while (end < line.length()) {
      int point = line.codePointAt(end);
      room -= bytes(Character.toString(point));
      if (room < 0) {
        break;
      }
      end += Character.charCount(point);
    }
    return line.substring(0, end);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
