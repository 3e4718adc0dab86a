package fleet.ctl.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

  @Test
  void columnsBeginAtMultiplesOfEight() {
    var table = new Table();
    table.add(List.of("UNIT", "HASH", "STATE"));
    table.add(List.of("web.service", "1234567", "-"));

    assertEquals(
        """
        UNIT\t\tHASH\tSTATE
        web.service\t1234567\t-
        """,
        table.text(""));
  }

  /// A cell always leaves room for one tab, as Go's `text/tabwriter` with padding 1 does.
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 1", "8, 2", "9, 2", "15, 2", "16, 3"})
  void aHeaderOfNoWidthGetsTheTabsOfTheLongestCell(int length, int tabs) {
    var table = new Table();
    table.add(List.of("", "end"));
    table.add(List.of("x".repeat(length), "end"));

    assertEquals("\t".repeat(tabs) + "end", table.text("").lines().findFirst().orElseThrow());
  }

  @Test
  void widthsCountCharactersAndNotBytesOrSurrogates() {
    var table = new Table();
    table.add(List.of("größere", "end"));
    table.add(List.of("😀😀😀😀😀😀😀", "end"));

    assertEquals("größere\tend\n😀😀😀😀😀😀😀\tend\n", table.text(""));
  }

  @Test
  void theLastCellOfARowIsNotPadded() {
    var table = new Table();
    table.add(List.of("a", "b"));
    table.add(List.of("a", "a long last cell"));

    assertEquals("\ta\tb\n\ta\ta long last cell\n", table.text("\t"));
  }

  @Test
  void cellsHaveNoLinesColumnsAndColorsOfTheirOwn() {
    var table = new Table();
    table.add(List.of("a\nb\tc", "\u001b[31mred\u009b0m"));

    assertEquals("a\\x0ab\\x09c\t\\x1b[31mred\\x9b0m\n", table.text(""));
  }

  @Test
  void noRowsAreNoText() {
    assertEquals("", new Table().text(""));
  }
}
