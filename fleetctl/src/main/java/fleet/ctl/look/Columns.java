package fleet.ctl.look;

import fleet.api.client.ClientException;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.Console;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Options;
import fleet.ctl.console.Table;
import fleet.ctl.remote.ErrorText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the three lists have in common: which columns, whether with headings, whether in full, and
/// how they come to be printed.
final class Columns {

  static final Flag FULL = Flag.toggle("full", "Do not shorten IDs and hashes").or("l");
  static final Flag NO_LEGEND = Flag.toggle("no-legend", "Print no headings");

  private final List<String> keys;
  private final boolean full;
  private final boolean headed;

  private Columns(List<String> keys, Options options) {
    this.keys = keys;
    this.full = options.on(FULL);
    this.headed = !options.on(NO_LEGEND);
  }

  /// The flags of a list that can show `known` columns and shows `usual` ones.
  static List<Flag> flags(String usual, List<String> known) {
    return List.of(FULL, NO_LEGEND, fields(usual, known));
  }

  private static Flag fields(String usual, List<String> known) {
    return Flag.text("fields", usual, "Which columns to print, of " + String.join(",", known));
  }

  /// What to print in one column of one row.
  interface Row {
    String cell(String key);
  }

  /// What a list has to show.
  interface Rows {

    /// Asks the API.
    List<Row> rows(CommandCall call, Columns columns);
  }

  /// Prints a list that can show `known` columns and shows `usual` ones.
  ///
  /// @param complaint what to say if the API does not answer, with the reason in the place of `%`
  /// @return the exit status
  static int list(CommandCall call, String usual, List<String> known, String complaint, Rows rows) {
    Optional<Columns> columns = of(call, usual, known);
    if (columns.isEmpty()) {
      return Exit.USAGE;
    }
    try {
      columns.get().print(rows.rows(call, columns.get()), call.console());
      call.cluster().warn(call.console());
      return Exit.DONE;
    } catch (ClientException e) {
      ErrorText.print(call.console(), complaint, e);
      return Exit.FAILED;
    }
  }

  /// The columns that the user wants; empty if they make no sense, which has then been said.
  private static Optional<Columns> of(CommandCall call, String usual, List<String> known) {
    Console console = call.console();
    String wanted = call.options().text(fields(usual, known));
    if (wanted.isEmpty()) {
      console.complain("Must define output format");
      return Optional.empty();
    }
    var keys = new ArrayList<String>();
    for (String key : wanted.split(",", -1)) {
      if (!known.contains(key)) {
        console.complain(
            "Invalid key in output format: \"" + key + "\", expected some of " + known);
        return Optional.empty();
      }
      keys.add(key);
    }
    return Optional.of(new Columns(keys, call.options()));
  }

  boolean contains(String key) {
    return keys.contains(key);
  }

  boolean endWith(String key) {
    return keys.getLast().equals(key);
  }

  boolean full() {
    return full;
  }

  private void print(List<Row> rows, Console console) {
    var table = new Table();
    if (headed) {
      var headings = new ArrayList<String>();
      for (String key : keys) {
        headings.add(key.toUpperCase(Locale.ROOT));
      }
      table.add(headings);
    }
    for (Row row : rows) {
      var cells = new ArrayList<String>();
      for (String key : keys) {
        String cell = row.cell(key);
        cells.add(cell.isEmpty() ? "-" : cell);
      }
      table.add(cells);
    }
    console.out().print(table.text(""));
  }
}
