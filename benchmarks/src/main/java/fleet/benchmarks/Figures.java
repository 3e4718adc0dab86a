package fleet.benchmarks;

import java.util.List;
import java.util.Locale;

/// Rows of the tables that benchmarks print.
final class Figures {

  private Figures() {}

  static void head() {
    System.out.println("| situation | median | p99 | lowest | highest | rounds |");
    System.out.println("|---|---|---|---|---|---|");
  }

  static void row(String situation, List<Double> seconds) {
    var sorted = seconds.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.2f | %d |%n",
        situation,
        percentile(sorted, 50),
        percentile(sorted, 99),
        sorted.getFirst(),
        sorted.getLast(),
        sorted.size());
  }

  /// One value for all rounds.
  static void row(String situation, Object value, int rounds) {
    System.out.printf("| %s | %s | | | | %d |%n", situation, value, rounds);
  }

  /// The nearest rank, which is one of the values: of a hundred the 99th for 99 percent.
  ///
  /// @param sorted in ascending order, not empty
  /// @param percent from 0 to 100
  static <T> T percentile(List<T> sorted, int percent) {
    return sorted.get(Math.max(0, Math.ceilDiv(sorted.size() * percent, 100) - 1));
  }
}
