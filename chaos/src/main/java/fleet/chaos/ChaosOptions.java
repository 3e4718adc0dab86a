package fleet.chaos;

import fleet.testing.machines.LocalCluster.StoreKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;

/// What the chaos command is asked for.
///
/// @param name the cluster's, as `CLUSTER`
/// @param net the cluster's, as `CLUSTER_NET`
record ChaosOptions(Duration time, long seed, int nodes, StoreKind store, String name, String net) {

  static final String USAGE =
      """
      local-cluster/chaos MINUTES [--seed N] [--nodes N] [--embedded]
        MINUTES     how long harm is done; settling comes on top
        --seed N    draws the faults and what users do; printed, and new without this
        --nodes N   how many machines, from 3 to 20; 5 without this
        --embedded  the cluster lies in the embedded store of n1, not in an etcd on the host\
      """;

  /// A wrong word. The message names it.
  static final class Wrong extends Exception {

    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  /// @param process the number of this process, from which an unused name and net are made unless
  ///     `environment` has them
  static ChaosOptions parse(List<String> words, Map<String, String> environment, long process)
      throws Wrong {
    Duration time = Duration.ZERO;
    long seed = System.nanoTime() & 0xffffff;
    int nodes = 5;
    var store = StoreKind.ETCD;
    var rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      switch (word) {
        case "--seed" -> seed = number(word, rest, 0, Long.MAX_VALUE);
        case "--nodes" -> nodes = (int) number(word, rest, 3, 20);
        case "--embedded" -> store = StoreKind.EMBEDDED;
        default -> {
          if (!time.isZero()) {
            throw new Wrong("expected an option, found \"" + word + "\"");
          }
          rest.addFirst(word);
          time = Duration.ofMinutes(number("MINUTES", rest, 1, 10_000));
        }
      }
    }
    if (time.isZero()) {
      throw new Wrong("expected how many MINUTES");
    }
    long unique = process % 100_000;
    return new ChaosOptions(
        time,
        seed,
        nodes,
        store,
        environment.getOrDefault("CLUSTER", "x" + unique),
        environment.getOrDefault(
            "CLUSTER_NET", "10." + (200 + unique / 250 % 50) + "." + unique % 250));
  }

  private static long number(String what, ArrayDeque<String> rest, long least, long most)
      throws Wrong {
    String word = rest.isEmpty() ? "" : rest.removeFirst();
    try {
      long number = Long.parseLong(word);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same as one that is out of range
    }
    throw new Wrong(
        what + ": expected a number from " + least + " to " + most + ", found \"" + word + "\"");
  }
}
