package fleet.ctl.change;

import fleet.ctl.command.Invocation;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Options;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Patience;
import fleet.ctl.wait.Watch;
import fleet.ctl.wait.Watch.Failure;
import java.util.List;
import java.util.Map;

/// What the verbs that change something have in common: whether to wait for it, and how long.
final class Waits {

  static final Flag NO_BLOCK =
      Flag.toggle("no-block", "Do not wait until it is done; wins over --block-attempts");

  static final Flag BLOCK_ATTEMPTS =
      Flag.wholeNumber(
          "block-attempts",
          0,
          "Wait at most this often for two seconds, also for a unit that no machine can take;"
              + " 0: as long as it takes, but do not wait for such a unit");

  static final Flag TIMEOUT =
      Flag.duration(
          "timeout", "0", "Give up after that long, such as 90s or 5m; 0: as long as it takes");

  static final List<Flag> FLAGS = List.of(NO_BLOCK, BLOCK_ATTEMPTS, TIMEOUT);

  private Waits() {}

  static boolean blocking(Invocation invocation) {
    return !invocation.options().on(NO_BLOCK);
  }

  /// Waits for `units`.
  ///
  /// @return why some are not where they should be, by unit
  static Map<String, Failure> run(Invocation invocation, List<Awaited> units)
      throws InterruptedException {
    return new Watch(
            invocation.cluster(), invocation.caller(), invocation.time(), patience(invocation))
        .run(units);
  }

  static Patience patience(Invocation invocation) {
    Options options = invocation.options();
    return Patience.of(options.number(BLOCK_ATTEMPTS), options.duration(TIMEOUT));
  }
}
