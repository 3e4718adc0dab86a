package fleet.ctl.change;

import fleet.ctl.command.CommandCall;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Options;
import fleet.ctl.wait.WaitLimit;
import java.util.List;

/// The flags of the verbs that change units: what of them to send, whether to wait until it is
/// done, and how long.
final class ChangeFlags {

  static final Flag REPLACE =
      Flag.toggle("replace", "Replace units that differ from the local files");

  private static final Flag SIGN = Flag.toggle("sign", "Ignored: units are no longer signed");

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

  /// For verbs that wait.
  static final List<Flag> WAITING = List.of(NO_BLOCK, BLOCK_ATTEMPTS, TIMEOUT);

  /// For verbs that send unit files, and have nothing to wait for.
  static final List<Flag> SENDING = List.of(REPLACE, SIGN);

  /// For verbs that send unit files, and wait.
  static final List<Flag> SENDING_AND_WAITING =
      List.of(REPLACE, NO_BLOCK, BLOCK_ATTEMPTS, TIMEOUT, SIGN);

  private ChangeFlags() {}

  static boolean blocking(CommandCall call) {
    return !call.options().on(NO_BLOCK);
  }

  /// How long the user is willing to wait.
  static WaitLimit limit(CommandCall call) {
    Options options = call.options();
    return WaitLimit.of(options.number(BLOCK_ATTEMPTS), options.duration(TIMEOUT));
  }
}
