package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnitFileTest {

  @Test
  void sectionsArePrintedWholeInTheOrderInWhichTheyFirstAppear() {
    var file = read("[Service]\nA=1\n# why\n[Unit]\nB = 2\n[Empty]\n[Service]\nA=3\n");

    assertEquals("[Service]\nA=1\nA=3\n\n[Unit]\nB=2\n", file.text());
  }

  @Test
  void commentsAndLayoutDoNotChangeTheFingerprintButOrderDoes() {
    var plain = read("[Service]\nA=1\nB=2\n");

    assertEquals(plain.hash(), read("; hi\n[Service]\n\n A = 1\n[Service]\nB=2").hash());
    assertEquals(40, plain.hash().text().length());
    assertEquals(plain.hash().text().substring(0, 7), plain.hash().brief());
    assertEquals(false, plain.hash().equals(read("[Service]\nB=2\nA=1\n").hash()));
  }

  @Test
  void whiteSpaceIsWhatSystemdSaysItIs() {
    var file = read("[S] \n\t A \t=\t b\r\n\u00a0B=\u2003c\u00a0\n");

    assertEquals(options("S A=b", "S \u00a0B=\u2003c\u00a0"), file.options());
  }

  @Test
  void headerMayBeContinuedLikeAnyLine() {
    assertEquals(options("a b]c A=1"), read("[a\\\nb]c] \nA=1\n").options());
    assertInstanceOf(Malformed.class, UnitFile.parse("[a\nb]\nA=1\n"));
  }

  @Test
  void carriageReturnEndsALineAsALineFeedDoes() {
    assertEquals(options("S A=b", "S C=d"), read("[S]\rA=b\rC=d").options());
    assertEquals(
        options("S A=b \\\n  c", "S C=d"), read("[S]\r\nA=b \\\r\n  c\r\nC=d\r\n").options());
    assertEquals(options("S A=b \\\n", "S C=d"), read("[S]\r\nA=b \\\r\n\r\nC=d").options());
  }

  @Test
  void lineOfWhiteSpaceEndsAContinuedValue() {
    assertEquals(options("S A=b \\\n", "S C=d"), read("[S]\nA=b \\\n \t\r\nC=d").options());
  }

  @Test
  void commentEndsWithItsLineWhateverThatEndsIn() {
    assertEquals(options("S A=1", "S B=2"), read("[S]\n# a \\\n; b \\\nA=1\nB=2\n").options());
    assertEquals(options("S A=1"), read("# a \\\n[S]\nA=1\n").options());
  }

  @Test
  void commentsInAValueAreNoPartOfIt() {
    UnitOption option =
        read("[S]\nA=\"a; \\\n# explained\n  b \\\n# not \\\n  c\"\nB=2\n").options().getFirst();

    assertEquals("\"a;    b    c\"", option.meaning());
    assertEquals("\"a; \\\n  b \\\n# not \\\n  c\"", option.value());
  }

  @Test
  void twoBackslashesContinueNothing() {
    assertEquals(options("S A=b\\\\", "S C=d"), read("[S]\nA=b\\\\\nC=d\n").options());
  }

  @Test
  void linesThatAreIgnoredAreNamed() {
    assertEquals(
        List.of(
            "line 1: it stands before the first section, so it is ignored: \"Global=true\"; it"
                + " belongs in [X-Fleet]",
            "line 2: it stands before the first section, so it is ignored: \"A\"",
            "line 4: expected name=value, found \"ExecStart /bin/true\", which is ignored",
            "line 5: expected name=value, found \"=b\", which is ignored",
            "line 6: a NUL ends the line here"),
        reading("Global=true\nA\n[S]\nExecStart /bin/true\n=b\nC=1\0D=2\n").warnings());
  }

  @Test
  void ofManyLinesThatAreIgnoredTheFirstAreNamed() {
    List<String> warnings = reading("x\n".repeat(100)).warnings();

    assertEquals(21, warnings.size());
    assertEquals("and more", warnings.getLast());
  }

  @Test
  void commentsMayBeInAnyEncoding() {
    byte[] latin =
        "[S]\n# caf\u00e9\nA=1 \\\n# caf\u00e9 \\\n 2\n".getBytes(StandardCharsets.ISO_8859_1);

    assertEquals(
        new Ok<>(new UnitReading(new UnitFile(options("S A=1 \\\n 2")), List.of())),
        UnitFile.read(latin));
  }

  @Test
  void valueThatIsNoUtf8IsRefusedAndItsLineNamed() {
    assertEquals(
        new Malformed<>("it is not text in UTF-8: line 3: found \"caf\\xe9\""),
        UnitFile.read("[S]\nA=b \\\n caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void errorsNameTheLineAndWhatIsThere() {
    assertEquals(
        new Malformed<>(
            "bad characters in section name: line 2: expected no quotation marks, backslashes and"
                + " control characters, found \"[a\\\"b]\""),
        UnitFile.parse("\n[a\"b]\n"));
    assertEquals(
        new Malformed<>(
            "unable to find end of section: line 2: expected \"]\" after \"["
                + "x".repeat(255)
                + "\"..."),
        UnitFile.parse("\n[" + "x".repeat(1000)));
    assertEquals(
        new Malformed<>(
            "found garbage after section name : [195 169 32 98]: line 3: expected nothing after"
                + " \"]\", found \"é b\""),
        UnitFile.parse("[S]\nA=1\n[T] é b \nB=2\n"));
  }

  @Test
  void linesMayBeAsLongAsSystemdAllows() {
    String name = "ExecStart=";
    String longest = name + "x".repeat(UnitFile.LONGEST_LINE_BYTES - 1 - name.length());
    var tooLong = new Malformed<>("line too long (max 1048576 bytes): line 2");

    assertEquals("[S]\n" + longest + "\n", read("[S]\n" + longest + "\n").text());
    assertEquals("[S]\n" + longest + "\n", read("[S]\n" + longest).text());
    assertEquals(tooLong, UnitFile.parse("[S]\n" + longest + "x\n"));
    assertEquals(tooLong, UnitFile.parse("[S]\n" + longest + "x"));
    assertEquals(tooLong, UnitFile.parse("[S]\n#" + longest + "\nA=1\n"));
    assertEquals(
        new Malformed<>("line too long (max 1048576 bytes): line 1"),
        UnitFile.parse(longest + "x"));
    assertEquals(List.of(), read(longest).options());
  }

  @Test
  void lengthsAreCountedInBytesOfUtf8() {
    for (String character : List.of("\u007f", "\u0080", "\u07ff", "\u0800", "\ufffd", "😀")) {
      int bytes = character.getBytes(StandardCharsets.UTF_8).length;
      int most = (UnitFile.LONGEST_LINE_BYTES - 1) / bytes;

      assertEquals(List.of(), read(character.repeat(most)).options());
      assertEquals(
          new Malformed<>("line too long (max 1048576 bytes): line 1"),
          UnitFile.parse(character.repeat(most + 1)));
    }
  }

  @Test
  void lengthOfALineDoesNotDependOnWhereItStands() {
    for (int offset : List.of(0, 2047, 2048, 2050, 4090, 4096)) {
      String text = "[S]\n#" + "x".repeat(offset) + "\nA=" + "y".repeat(3_000) + "\n";

      assertEquals(options("S A=" + "y".repeat(3_000)), read(text).options());
    }
  }

  @Test
  void longFileIsRefused() {
    String line = "A=" + "x".repeat(1021) + "\n";
    String section = "[S]\n";
    int lines = UnitFile.LONGEST_BYTES / line.length() - 1;
    String almost = section + line.repeat(lines);
    String longest = almost + "A=" + "x".repeat(UnitFile.LONGEST_BYTES - almost.length() - 3);
    var tooLong = new Malformed<>("unit file too long (max 1310720 bytes)");

    assertEquals(UnitFile.LONGEST_BYTES, read(longest + "\n").text().length());
    assertEquals(tooLong, UnitFile.parse(longest + "x\n"));
    assertEquals(tooLong, UnitFile.parse(longest + "x"));
    assertEquals(tooLong, UnitFile.parse("\n".repeat(1 << 25)));
  }

  @Test
  void fileOfTooManyOptionsIsRefused() {
    String most = "[S]\n" + "=\n".repeat(UnitFile.MOST_OPTIONS);

    assertEquals(UnitFile.MOST_OPTIONS, read(most).options().size());
    assertEquals(new Malformed<>("too many options (max 10000)"), UnitFile.parse(most + "="));
  }

  @Test
  void whatNoTextCanHoldIsRefused() {
    for (String half : List.of("[S]\nA=\ud83d\n", "[S]\n\ude00\ud83d\n", "[S]\nA=\uffff\n")) {
      assertInstanceOf(Malformed.class, UnitFile.parse(half));
    }
    assertEquals(options("S A=\ud83d\ude00"), read("[S]\nA=\ud83d\ude00\n").options());
  }

  @Test
  void nulEndsALine() {
    assertEquals(options("S A=", "S b=c"), read("[S]\nA=\0b=c\n").options());
  }

  @Test
  void continuedLineMayNotBeLongerThanAnyOther() {
    String half = "A=" + "x".repeat(UnitFile.LONGEST_LINE_BYTES / 2 - 3) + "\\\n";
    String most = "y".repeat(UnitFile.LONGEST_LINE_BYTES / 2);

    assertEquals(1, read("[S]\n" + half + most + "\n").options().size());
    assertEquals(
        new Malformed<>("line too long (max 1048576 bytes): line 3, with those that it continues"),
        UnitFile.parse("[S]\n" + half + most + "y\n"));
  }

  @Test
  void normalFormOfWhatWasParsedIsItselfGroupedBySection() {
    var file = read("[S]\nA=one \\\n two\n[U]\nB=2\n[S]\nC=\n");

    var normal = file.normalized().orElseThrow();

    assertEquals(options("S A=one \\\n two", "S C=", "U B=2"), normal.options());
    assertEquals(file.hash(), normal.hash());
  }

  @Test
  void valueWithALineFeedComesBackAsTheLinesThatItMakes() {
    assertEquals(
        options("S A=1", "S B=2", "T C=3"), normalized("S A= 1 \nB=2\n[T]", "S C=3").options());
  }

  @Test
  void valueThatEndsInABackslashDoesNotTakeInTheOptionAfterIt() {
    assertEquals(
        options("S A=1\\ ", "S B=2", "U C=3\\\n"),
        normalized("S A=1\\", "S B=2", "U C=3\\\n").options());
    assertEquals(
        options("S A=1\\ ", "S B=2\\ ", "S C=3"),
        normalized("S A=1\\ ", "S B=2\\ ", "S C=3").options());
  }

  @Test
  void optionThatReadsAsACommentIsGone() {
    assertEquals(options("S B=2"), normalized("S #A=1", "S B=2").options());
  }

  @Test
  void optionsThatPrintNoUnitFileHaveNoNormalForm() {
    assertInstanceOf(Malformed.class, new UnitFile(options("S\"x A=1")).normalized());
    assertInstanceOf(Malformed.class, new UnitFile(options("S A\nB=1")).normalized());
    assertInstanceOf(Malformed.class, new UnitFile(options("S A=1\nB")).normalized());
    assertInstanceOf(Malformed.class, new UnitFile(options("S A=\0")).normalized());
    var many = IntStream.rangeClosed(0, UnitFile.MOST_OPTIONS).mapToObj(i -> "S A=" + i);
    assertInstanceOf(
        Malformed.class, new UnitFile(options(many.toArray(String[]::new))).normalized());
  }

  @Test
  void descriptionIsTheFirstOneOfTheUnitSection() {
    assertEquals(
        Optional.of("Hello World"),
        read("[Service]\nDescription=no\n[Unit]\nDescription=Hello World\nDescription=no\n")
            .description());
    assertEquals(Optional.of(""), read("[Unit]\nDescription=\n").description());
    assertEquals(Optional.empty(), read("[Unit]\ndescription=no\n").description());
  }

  @Test
  void fileWithAnOptionInInstallCanBeEnabled() {
    assertEquals(true, read("[Install]\nWantedBy=multi-user.target\n").installable());
    assertEquals(false, read("[Install]\n[Service]\nWantedBy=multi-user.target\n").installable());
  }

  private static UnitReading reading(String text) {
    return UnitFile.read(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static UnitFile read(String text) {
    return UnitFile.parse(text).orElseThrow();
  }

  private static UnitFile normalized(String... options) {
    var normal = new UnitFile(options(options)).normalized();
    assertEquals(new Ok<>(normal.orElseThrow()), normal.orElseThrow().normalized());
    assertEquals(normal, UnitFile.parse(normal.orElseThrow().text()));
    return normal.orElseThrow();
  }

  /// Each `section name=value`; a section that has spaces has them before the last of the name's.
  private static List<UnitOption> options(String... lines) {
    return Stream.of(lines)
        .map(
            line -> {
              int equals = line.indexOf('=');
              int space = line.lastIndexOf(' ', equals);
              return new UnitOption(
                  line.substring(0, space),
                  line.substring(space + 1, equals),
                  line.substring(equals + 1));
            })
        .collect(ArrayList::new, List::add, List::addAll);
  }
}
