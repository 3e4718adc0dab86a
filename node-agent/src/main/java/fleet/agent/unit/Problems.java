package fleet.agent.unit;

import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What keeps an agent from bringing units as far as they should be.
///
/// @param texts what is wrong with each, for people to read
/// @param failedStarts those of them whose last start systemd has carried out, in vain
public record Problems(
    SortedMap<UnitName.Placeable, String> texts, SortedSet<UnitName.Placeable> failedStarts) {

  /// How the problem begins of a unit whose assignment nobody understands.
  public static final String ILLEGIBLE = "its assignment cannot be understood";

  /// How the problem begins of a unit that runs on since systemd could not start it again.
  public static final String REFUSED = "it is left as it is, since systemd could not start it: ";

  public Problems {
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    failedStarts = Collections.unmodifiableSortedSet(new TreeSet<>(failedStarts));
  }

  public static Problems of(SortedMap<UnitName.Placeable, UnitRecord> records) {
    var texts = new TreeMap<UnitName.Placeable, String>();
    var failedStarts = new TreeSet<UnitName.Placeable>();
    records.forEach(
        (unit, record) -> {
          problem(record).ifPresent(text -> texts.put(unit, text));
          if (record.isStartFailed()) {
            failedStarts.add(unit);
          }
        });
    return new Problems(texts, failedStarts);
  }

  /// What an attempt has failed of goes before what an order was refused for, and that before what
  /// the unit has failed of itself.
  private static Optional<String> problem(UnitRecord record) {
    return record
        .illegible()
        .map(why -> ILLEGIBLE + ": " + why)
        .or(() -> record.retry().map(Retry::problem))
        .or(() -> record.refusal().map(why -> REFUSED + why))
        .or(() -> record.counter().map(FailureCounter::down).filter(down -> !down.isEmpty()));
  }
}
