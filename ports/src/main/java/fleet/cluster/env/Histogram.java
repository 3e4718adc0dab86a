package fleet.cluster.env;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How often something has taken how long. A value: what is added makes another.
///
/// @param counts how often it took longer than one of [#BOUNDS] and no longer than the next; the
///     last, longer than all
/// @param sum of all that it took
public record Histogram(List<Long> counts, Duration sum) {

  /// From milliseconds to ten seconds: the default of Prometheus' clients.
  public static final List<Duration> BOUNDS =
      List.of(
          Duration.ofMillis(5),
          Duration.ofMillis(10),
          Duration.ofMillis(25),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(2500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10));

  /// It has not happened yet.
  public static final Histogram EMPTY =
      new Histogram(Collections.nCopies(BOUNDS.size() + 1, 0L), Duration.ZERO);

  public Histogram {
    if (counts.size() != BOUNDS.size() + 1) {
      throw new IllegalArgumentException(
          "expected " + (BOUNDS.size() + 1) + " counts, found " + counts.size());
    }
    counts = List.copyOf(counts);
  }

  /// This, and once more.
  public Histogram plus(Duration took) {
    int bucket = 0;
    while (bucket < BOUNDS.size() && took.compareTo(BOUNDS.get(bucket)) > 0) {
      bucket++;
    }
    var more = new ArrayList<>(counts);
    more.set(bucket, more.get(bucket) + 1);
    return new Histogram(more, sum.plus(took));
  }

  /// How often it has happened.
  public long count() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
