package fleet.ctl.console;

import java.util.ArrayList;
import java.util.List;

/// Rows of cells under one another, aligned with tabs as fleet v1 did.
///
/// Columns begin at multiples of eight characters: each is as wide as its longest cell plus one,
/// rounded up, and every cell but the last of its row is followed by as many tabs as it takes to
/// get to the next column. To read it in a program, split on white space.
public final class Table {

  private static final int TAB = 8;

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Integer> longest = new ArrayList<>();

  public Table() {}

  /// Adds a row below the others.
  public void add(List<String> texts) {
    var cells = new ArrayList<String>();
    for (String text : texts) {
      cells.add(Printable.cell(text));
    }
    rows.add(cells);
    for (int column = 0; column + 1 < cells.size(); column++) {
      int width = width(cells.get(column));
      if (column == longest.size()) {
        longest.add(width);
      } else if (longest.get(column) < width) {
        longest.set(column, width);
      }
    }
  }

  /// All rows, each beginning with `indent` and ending with a line feed.
  public String text(String indent) {
    var text = new StringBuilder();
    for (List<String> cells : rows) {
      text.append(indent);
      for (int column = 0; column < cells.size(); column++) {
        String cell = cells.get(column);
        text.append(cell);
        if (column + 1 < cells.size()) {
          int tabs = longest.get(column) / TAB + 1 - width(cell) / TAB;
          text.append("\t".repeat(tabs));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
