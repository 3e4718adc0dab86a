package fleet.unit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The table `systemd-252.txt`: unit files, and what systemd 252 reads in each.
public final class SystemdVectors {

  private static final Pattern ESCAPE = Pattern.compile("\\\\(n|r|t|0|\\\\|x[0-9a-f]{2})");

  /// One block of the table.
  ///
  /// @param input as it stands in the table
  /// @param read what systemd reads; nothing if it refuses the file
  /// @param ignored the lines that systemd says to ignore
  public record Vector(
      String input, List<String> read, boolean refused, SortedSet<Integer> ignored) {

    /// The file.
    public byte[] bytes() {
      return unescape(input);
    }

    /// The block as it stands in the table.
    public String text() {
      var lines = new ArrayList<String>();
      lines.add("input " + input);
      if (refused) {
        lines.add("refused");
      }
      read.forEach(line -> lines.add(escape(line)));
      ignored.forEach(line -> lines.add("ignored " + line));
      return String.join("\n", lines) + "\n";
    }
  }

  private SystemdVectors() {}

  /// A block for what was read, by whomever.
  public static Vector vector(String input, Optional<AsRead> read, SortedSet<Integer> ignored) {
    return new Vector(
        input,
        read.map(AsRead::lines).orElse(List.of()),
        read.isEmpty(),
        read.isEmpty() ? new TreeSet<>() : ignored);
  }

  /// The blocks of the table.
  public static List<Vector> all() throws IOException {
    try (var table = SystemdVectors.class.getResourceAsStream("systemd-252.txt")) {
      String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(text.split("\n\n"))
          .filter(block -> !block.startsWith("#"))
          .map(block -> vector(block.lines().toList()))
          .toList();
    }
  }

  private static Vector vector(List<String> lines) {
    var read = new ArrayList<String>();
    var ignored = new TreeSet<Integer>();
    boolean refused = false;
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("ignored ")) {
        ignored.add(Integer.parseInt(line.substring("ignored ".length())));
      } else if (line.equals("refused")) {
        refused = true;
      } else {
        read.add(new String(unescape(line), StandardCharsets.UTF_8));
      }
    }
    return new Vector(lines.getFirst().substring("input ".length()), read, refused, ignored);
  }

  /// Bytes that are not ASCII stand in the table as what they are in UTF-8.
  private static byte[] unescape(String text) {
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return ESCAPE
        .matcher(bytes)
        .replaceAll(
            match ->
                switch (match.group(1).charAt(0)) {
                  case 'n' -> "\n";
                  case 'r' -> "\r";
                  case 't' -> "\t";
                  case '0' -> "\0";
                  case 'x' -> Character.toString(Integer.parseInt(match.group(1), 1, 3, 16));
                  default -> "\\\\";
                })
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }
}
