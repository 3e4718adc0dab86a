package fleet.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What users may expect of each unit: what was acknowledged last, and what was asked for without
/// an answer, which may have come to pass or may yet. For one thread.
final class Wishes {

  /// How long a request can be on its way: a cut network delivers it when it is healed.
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(90);

  private record Pending(Wish wish, Instant until) {}

  private final SortedMap<String, SortedSet<Wish>> possible = new TreeMap<>();
  private final SortedMap<String, List<Pending>> pending = new TreeMap<>();

  /// What may be so.
  SortedSet<Wish> of(String unit) {
    return Collections.unmodifiableSortedSet(possible.getOrDefault(unit, absent()));
  }

  /// All units that there may be.
  List<String> units() {
    return List.copyOf(possible.keySet());
  }

  /// The likeliest, from which users decide what to ask for next.
  Wish likely(String unit) {
    return of(unit).last();
  }

  /// The texts that it may have.
  List<String> texts(String unit) {
    return of(unit).stream().map(Wish::text).filter(text -> !text.isEmpty()).distinct().toList();
  }

  private static SortedSet<Wish> absent() {
    return new TreeSet<>(List.of(Wish.NONE));
  }

  /// @param outcomes of which one has come to pass
  void acknowledged(String unit, SortedSet<Wish> outcomes, Instant now) {
    var wishes = new TreeSet<>(outcomes);
    List<Pending> rest =
        pending.getOrDefault(unit, List.of()).stream().filter(p -> p.until.isAfter(now)).toList();
    rest.forEach(p -> wishes.add(p.wish));
    pending.put(unit, new ArrayList<>(rest));
    possible.put(unit, wishes);
  }

  /// @param outcomes what may come of it, besides what is
  void unanswered(String unit, SortedSet<Wish> outcomes, Instant now) {
    possible.computeIfAbsent(unit, _ -> absent()).addAll(outcomes);
    List<Pending> all = pending.computeIfAbsent(unit, _ -> new ArrayList<>());
    outcomes.forEach(wish -> all.add(new Pending(wish, now.plus(ON_ITS_WAY))));
  }

  /// After a while of calm it has turned out what is so.
  void found(String unit, Wish wish) {
    possible.put(unit, new TreeSet<>(List.of(wish)));
  }
}
