package fleet.simulation;

import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Entry;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Watches over what makes sure that a copy of an exclusive unit has stopped before the next one
/// starts: its dead man's switches as its machine's systemd has them, and what the leader waits
/// for.
///
/// A leader may count a copy as stopped a grace and a margin after it has seen that its machine is
/// gone and the unit withheld. It may have seen so as soon as that was the case, and may not have
/// seen that the machine came back meanwhile. So from then on no switch of a copy that runs may
/// fire later than that; and before it is the case, none later than if the machine's lease were not
/// renewed any more. That is looked at whenever a switch has been armed or confirmed, and when a
/// unit begins to run, whether or not something comes of it.
final class Fences {

  /// That the leader allows for (docs/decisions, 0020).
  private static final Duration MARGIN = Duration.ofSeconds(2);

  /// Of exclusive units, by their files ([UnitTexts]).
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final Duration SHORT_GRACE = Duration.ofSeconds(2);

  private record Copy(String machine, String unit) implements Comparable<Copy> {
    @Override
    public int compareTo(Copy other) {
      int machines = machine.compareTo(other.machine);
      return machines == 0 ? unit.compareTo(other.unit) : machines;
    }
  }

  private static final Pattern RELEASED = Pattern.compile("\"released\":(\\d+)");

  private final World world;

  /// Since when each copy that is withheld, or has been taken off, may count as one whose
  /// machine is gone; empty if that has been there ever since it was withheld.
  private final Map<Copy, Optional<Duration>> withheld = new TreeMap<>();

  /// The assignment by which each copy is withheld.
  private final Map<Copy, Entry> withheldBy = new TreeMap<>();

  Fences(World world) {
    this.world = world;
  }

  private static boolean isExclusive(String unit) {
    return unit.startsWith("only");
  }

  /// Something in the store has changed.
  void changed(Change change) {
    String[] path = change.key().split("/");
    switch (path[2]) {
      case "assignments" -> {
        var copy = new Copy(path[3], path[4]);
        if (isExclusive(copy.unit())) {
          assigned(copy, change);
        }
      }
      case "machines", "states" -> {
        if (change instanceof Change.Delete) {
          List.copyOf(withheld.keySet()).stream()
              .filter(copy -> copy.machine().equals(path[3]))
              .forEach(this::look);
        }
      }
      default -> {}
    }
  }

  private void assigned(Copy copy, Change change) {
    switch (change) {
      case Change.Put(_, var entry) when !entry.value().contains("\"target\":\"inactive\"") -> {
        withheld.remove(copy);
        withheldBy.remove(copy);
      }
      case Change.Put(_, var entry) -> {
        withheldBy.put(copy, entry);
        withheld.putIfAbsent(copy, Optional.empty());
        look(copy);
      }
      case Change.Delete _ -> {
        mustBeReleased(copy);
        withheldBy.remove(copy);
        withheld.merge(
            copy,
            Optional.of(world.environment.uptime()),
            (before, now) -> before.isPresent() ? before : now);
      }
    }
  }

  /// A machine that is there has released the unit: by its word, and on that very demand. Or the
  /// leader has waited for the end of it while it was gone, and has not seen that it is back.
  private void mustBeReleased(Copy copy) {
    Entry by = withheldBy.get(copy);
    Optional<Entry> state = record("states/" + copy.machine() + "/" + copy.unit());
    if (by != null
        && state.isPresent()
        && record("machines/" + copy.machine()).isPresent()
        && !isWaitedFor(copy, by)) {
      Matcher released = RELEASED.matcher(state.get().value());
      if (!released.find() || Long.parseLong(released.group(1)) != by.modRevision()) {
        world.referee.accuse(
            "%s is taken off %s, which was told so at revision %d and says %s"
                .formatted(copy.unit(), copy.machine(), by.modRevision(), state.get().value()));
      }
    }
  }

  private boolean isWaitedFor(Copy copy, Entry by) {
    return withheld
        .getOrDefault(copy, Optional.empty())
        .map(gone -> gone.plus(waitFor(by.value())))
        .filter(end -> end.compareTo(world.environment.uptime()) <= 0)
        .isPresent();
  }

  private void look(Copy copy) {
    if (withheld.getOrDefault(copy, Optional.empty()).isEmpty()
        && record("machines/" + copy.machine()).isEmpty()
        && record("states/" + copy.machine() + "/" + copy.unit()).isEmpty()) {
      withheld.put(copy, Optional.of(world.environment.uptime()));
    }
  }

  private Optional<Entry> record(String key) {
    return world.store.read("/fleet/" + key);
  }

  /// A switch of a unit has been armed or confirmed.
  void changed(SimulatedMachine machine, UnitName.Placeable unit) {
    if (isExclusive(unit.text()) && machine.running().contains(unit)) {
      mustFireInTime(machine, unit);
    }
  }

  /// A unit begins to run.
  void begins(SimulatedMachine machine, UnitName.Placeable unit) {
    if (isExclusive(unit.text())) {
      mustFireInTime(machine, unit);
    }
  }

  private void mustFireInTime(SimulatedMachine machine, UnitName.Placeable unit) {
    var copy = new Copy(machine.id.text(), unit.text());
    Duration end = end(copy).plus(waitFor(copy));
    machine
        .systemd
        .switches()
        .fires(unit)
        .filter(fires -> fires.compareTo(end) > 0)
        .ifPresent(
            fires ->
                world.referee.accuse(
                    "the switch of %s on %s fires at %s, and the leader waits until %s"
                        .formatted(unit, machine, fires, end)));
  }

  /// When the leader may take the machine for gone at the earliest.
  private Duration end(Copy copy) {
    Optional<Duration> gone = withheld.getOrDefault(copy, Optional.empty());
    return gone.or(
            () ->
                record("machines/" + copy.machine())
                    .or(() -> record("states/" + copy.machine() + "/" + copy.unit()))
                    .flatMap(entry -> world.store.end(entry.lease())))
        .orElseGet(world.environment::uptime);
  }

  /// What the leader waits for the end of a copy, by the text that it has told the machine last.
  private Duration waitFor(Copy copy) {
    return waitFor(
        record("assignments/" + copy.machine() + "/" + copy.unit()).map(Entry::value).orElse(""));
  }

  private static Duration waitFor(String assignment) {
    return (assignment.contains("TimeoutStopSec=2") ? SHORT_GRACE : GRACE).plus(MARGIN);
  }

  /// The leader takes a unit off a machine: if it is exclusive, no copy of it runs there.
  void takenOff(SimulatedMachine machine, String unit) {
    if (isExclusive(unit) && machine.runs(unit)) {
      world.referee.accuse(unit + " is exclusive, and is taken off " + machine + ", which runs it");
    }
  }
}
