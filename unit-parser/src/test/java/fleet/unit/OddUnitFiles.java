package fleet.unit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Makes unit files that are hard to read: continued comments, comments in continued values, line
/// ends of all kinds, bytes that are no text, headers that are none. A file follows from its seed.
///
/// Each is made twice, alike but for words: once for fleet, once with the options of `[X-Fleet]` as
/// `Environment=` of `[Service]`, of which systemd says what it has read. See [AsRead].
public final class OddUnitFiles {

  /// @param ofFleet with a section `[X-Fleet]` where the other has `[Service]`
  /// @param ofSystemd with `Environment=` for each of its options
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  public record Twins(byte[] ofFleet, byte[] ofSystemd) {}

  private static final List<String> OUR_KEYS =
      List.of("MachineMetadata", "MachineOf", "Conflicts", "Global", "MachineID");

  private static final List<String> HEADERS =
      List.of(
          "[Unit]",
          "[Unit]",
          "[Unit]",
          "[Unit]",
          "[X-Fleet]",
          "[X-Fleet]",
          "[X-Fleet]",
          "[X-Fleet]",
          "[Unit]\t",
          "  [X-Fleet]",
          "[X-Fleet] ",
          "[Unit",
          "[Unit]x",
          "[unit]",
          "[ Unit ]",
          "[]",
          "[X-Other]",
          "[Un]it]",
          "[Un\"it]",
          "[Un'it]",
          "[Un\\it]",
          "[Unit];",
          "[\u00a0]",
          "[[Unit]]");

  /// What values are made of. `%`, and `|` and `!` at the beginning, mean more to systemd.
  private static final List<String> PARTS =
      List.of(
          "a",
          "b c",
          "a=b",
          "\"a=b\"",
          "\"a=b c\"",
          "x=y",
          " ",
          "  ",
          "\t",
          "\\",
          "\\\\",
          "\"",
          "'",
          "#",
          ";",
          "=",
          "[x]",
          "\\n",
          "é",
          "\u00a0",
          "\u2028",
          "😀",
          "\ufeff",
          ".service",
          "*");

  private static final List<String> TAME =
      List.of("a=1", "b=2", "\"c=3 4\"", "\"d=5\" \"e=6\"", "f_g=", " ", "\t", "é=7", "h=#", "i=;");

  private static final List<String> JUNK =
      List.of("foo", "=x", "= ", "\u00a0", "\f", "\u000b", "a b", "\\", "\ufeff", "\ufeff# c", "]");

  private final SplittableRandom random;
  private final ByteArrayOutputStream ofFleet = new ByteArrayOutputStream();
  private final ByteArrayOutputStream ofSystemd = new ByteArrayOutputStream();
  private final boolean wild;
  private final String lineEnd;

  private OddUnitFiles(long seed) {
    random = new SplittableRandom(seed);
    wild = chance(3);
    lineEnd = chance(5) ? "\r\n" : "\n";
  }

  /// What fleet has read in its twin, in the words of the other.
  public static UnitFile inWordsOfSystemd(UnitFile ofFleet) {
    var options = new ArrayList<UnitOption>();
    for (UnitOption option : ofFleet.options()) {
      options.add(
          new UnitOption(
              inWordsOfSystemd(option.section()),
              inWordsOfSystemd(option.name()),
              inWordsOfSystemd(option.value())));
    }
    return new UnitFile(options);
  }

  private static String inWordsOfSystemd(String text) {
    String changed = text.replace("X-Fleet", "Service");
    for (String key : OUR_KEYS) {
      changed = changed.replace(key, "Environment");
    }
    return changed;
  }

  /// The files of that seed.
  public static Twins of(long seed) {
    var files = new OddUnitFiles(seed);
    files.write();
    return new Twins(files.ofFleet.toByteArray(), files.ofSystemd.toByteArray());
  }

  private void write() {
    if (chance(12)) {
      both("\ufeff");
    }
    if (!chance(6)) {
      both(chance(2) ? "[Unit]" : "");
      if (chance(2)) {
        ours("[X-Fleet]", "[Service]");
      }
      both(lineEnd);
    }
    int lines = random.nextInt(1, 14);
    for (int i = 0; i < lines; i++) {
      line();
      endLine(i == lines - 1);
    }
    if (ofSystemd.size() == 0) {
      both("\n"); // of no bytes at all, systemd says that it is masked
    }
  }

  private void line() {
    int kind = random.nextInt(20);
    if (wild && chance(30)) {
      both("\ufeff");
    }
    if (kind < 9) {
      option();
    } else if (kind < 13) {
      comment();
    } else if (kind < 15) {
      header();
    } else if (kind < 17) {
      both(pick(List.of("", "", " ", "\t ")));
    } else if (kind < 18) {
      both(pick(JUNK));
    } else {
      // What may go on with the line before.
      both(pick(List.of("  ", "\t", "")));
      value();
    }
  }

  private void option() {
    both(pick(List.of("", "", "", " ", "\t")));
    if (chance(2)) {
      both(pick(AsRead.CONDITIONS));
    } else {
      ours(pick(OUR_KEYS), "Environment");
    }
    both(pick(List.of("=", "=", "=", " = ", "=\t", "= ")));
    value();
  }

  private void value() {
    List<String> parts = wild ? PARTS : TAME;
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String part = pick(parts);
      both(part);
      both(wild || part.isBlank() ? "" : " ");
    }
    if (wild && chance(150)) {
      bytes(0xe9, 'x');
    }
    if (wild && chance(150)) {
      both(pick(List.of("\uffff", "\ufdd0", "\ufdef", "\ud83f\udfff", "\ufffd")));
    }
  }

  private void comment() {
    both(pick(List.of("", "", "  ", "\t")));
    both(pick(List.of("#", "; ", "# why, then: a=b", "#Global=true", "; [Unit]", "# é")));
    if (chance(8)) {
      bytes(0xe9);
    }
  }

  private void header() {
    String header = pick(HEADERS);
    if (header.contains("X-Fleet")) {
      ours(header, header.replace("X-Fleet", "Service"));
    } else if (wild || header.equals("[Unit]")) {
      both(header);
    } else {
      both("[Unit]");
    }
  }

  private void endLine(boolean last) {
    int kind = random.nextInt(24);
    if (kind < 9) {
      both("\\");
    } else if (kind == 9) {
      both("\\ ");
    } else if (kind == 10) {
      both("\\\\");
    } else if (kind == 11) {
      both("\\\\\\");
    } else if (kind == 12) {
      both(pick(List.of(" ", "\t", " \t ")));
    }
    if (wild && chance(15)) {
      both(pick(List.of("\r", "\n\r", "\0", "\r\n\0", "\n\n", "\r\r", "\0\n")));
    } else if (!last || !chance(3)) {
      both(lineEnd);
    }
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private void both(String text) {
    ours(text, text);
  }

  private void ours(String ofFleet, String ofSystemd) {
    this.ofFleet.writeBytes(ofFleet.getBytes(StandardCharsets.UTF_8));
    this.ofSystemd.writeBytes(ofSystemd.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(int... bytes) {
    for (int one : bytes) {
      ofFleet.write(one);
      ofSystemd.write(one);
    }
  }
}
