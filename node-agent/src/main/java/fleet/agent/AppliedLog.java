package fleet.agent;

import fleet.agent.disk.OrderText;
import fleet.agent.disk.SavedUnits;
import fleet.agent.order.OrderHistory;
import fleet.agent.saved.SavedText;
import fleet.agent.unit.Applied;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.LastingTrouble;
import fleet.unit.UnitName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes down what has been done, for the agent after this one. For one thread at a time.
final class AppliedLog {

  private static final Logger LOG = System.getLogger(AppliedLog.class.getName());

  private final SavedText file;
  private final UnitTable table;

  /// What the file says; empty if it is to be written anew whatever it says.
  private Optional<String> saved = Optional.of("");

  /// [UnitTable#changes] when it was written.
  private long savedAt = -1;

  /// The units that were noted as up.
  private SortedSet<UnitName.Placeable> savedUp = new TreeSet<>();

  private final LastingTrouble unsaved;

  /// @param file must not survive a reboot, as unit files do not
  AppliedLog(Environment environment, SavedText file, UnitTable table) {
    this.unsaved = new LastingTrouble(environment);
    this.file = file;
    this.table = table;
  }

  /// Tells the table what the agent before this one has done.
  void remember() {
    try {
      var found = file.read();
      if (found.stale()) {
        LOG.log(Level.WARNING, "what was done last could not be noted: what runs is left as it is");
        saved = Optional.empty();
      }
      var remembered = SavedUnits.applied(found);
      remembered
          .problems()
          .forEach(problem -> LOG.log(Level.WARNING, "ignored in " + file + ": " + problem));
      var owned = SavedUnits.owned(found);
      owned
          .problems()
          .forEach(problem -> LOG.log(Level.WARNING, "ignored in " + file + ": " + problem));
      var ordered = OrderText.read(found.text());
      ordered
          .problems()
          .forEach(problem -> LOG.log(Level.WARNING, "ignored in " + file + ": " + problem));
      table.remember(
          remembered.units(),
          owned.units(),
          ordered(ordered.orders(), remembered.units(), found.stale()));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read what was done before: " + e.getMessage());
    }
  }

  /// What is known of orders from now on.
  ///
  /// @param noted what the agent before this one has noted of them
  /// @param stale whether it could not note what it did last
  private static SortedMap<UnitName.Placeable, OrderHistory> ordered(
      SortedMap<UnitName.Placeable, OrderHistory> noted,
      SortedMap<UnitName.Placeable, Applied> installed,
      boolean stale) {
    var ordered = new TreeMap<>(noted);
    installed.forEach(
        (unit, was) -> {
          OrderHistory known = noted.getOrDefault(unit, OrderHistory.NONE);
          if (stale || !noted.containsKey(unit)) {
            known = known.asInherited();
          }
          boolean carriedOut =
              was.equals(new Applied(was.hash(), TargetState.LAUNCHED, was.generation()));
          ordered.put(unit, carriedOut ? known.carriedOut() : known);
        });
    return ordered;
  }

  /// What is known of each unit from now on.
  ///
  /// @param durably whether to write it down
  void note(SortedMap<UnitName.Placeable, UnitRecord> records, boolean durably) {
    table.take(records);
    if (durably) {
      save();
    }
  }

  /// Writes down what the table says, if it says anything new.
  ///
  /// @return whether it is written down
  boolean save() {
    long changes = table.changes();
    var up = table.up();
    if (saved.isPresent() && savedAt == changes && savedUp.equals(up)) {
      return true;
    }
    savedAt = changes;
    savedUp = up;
    String text = text(up);
    if (!saved.equals(Optional.of(text))) {
      try {
        file.write(text);
        saved = Optional.of(text);
        unsaved.over("what was done is noted again").ifPresent(line -> LOG.log(Level.INFO, line));
      } catch (IOException e) {
        saved = Optional.empty();
        outdate("cannot note what was done: " + e.getMessage());
      }
    }
    return saved.isPresent();
  }

  private String text(SortedSet<UnitName.Placeable> up) {
    var applied = table.applied();
    up.forEach(unit -> applied.computeIfPresent(unit, (_, was) -> was.uncertain()));
    return SavedUnits.applied(applied)
        + SavedUnits.owned(table.owned())
        + OrderText.of(table.orders());
  }

  /// The agent after this one must not take what is noted for what was last done.
  private void outdate(String reason) {
    String failure = reason;
    boolean marked = true;
    try {
      file.outdate();
    } catch (IOException e) {
      marked = false;
      failure += ", and what was noted before cannot be marked as stale: " + e.getMessage();
    }
    unsaved
        .met(marked ? "marked" : "unmarked", failure)
        .ifPresent(line -> LOG.log(Level.WARNING, line));
  }
}
