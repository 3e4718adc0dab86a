package fleet.ctl.change;

import fleet.ctl.command.Invocation;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Options;
import fleet.ctl.wait.WaitLimit;
import java.util.List;

/// What the verbs that change something have in common: whether to wait for it, and how long.
final class WaitFlags {

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

  private WaitFlags() {}

  static boolean blocking(Invocation invocation) {
    return !invocation.options().on(NO_BLOCK);
  }

  /// How long the user is willing to wait.
  static WaitLimit limit(Invocation invocation) {
    Options options = invocation.options();
    return WaitLimit.of(options.number(BLOCK_ATTEMPTS), options.duration(TIMEOUT));
  }
}
