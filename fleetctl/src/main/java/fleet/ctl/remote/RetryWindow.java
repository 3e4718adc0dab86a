package fleet.ctl.remote;

import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.api.client.RetryPolicy;
import fleet.api.client.Unreachable;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Spans;
import fleet.ctl.console.Console;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Has requests sent again for ten seconds after the API was last heard: a `fleetd` that is
/// restarted, an election of etcd, and a disk that is slow for a moment end no command.
///
/// Nothing is sent again to an API that does not trust us or that we do not trust, nor to one that
/// has not answered before where there is nothing at all: that will not be better in a moment.
final class RetryWindow implements RetryPolicy {

  static final Duration LENGTH = Duration.ofSeconds(10);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  /// How long to try without a word.
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final Environment time;
  private final Console console;
  private final AtomicBoolean told;
  private boolean heard;
  private @Nullable Duration since;
  private Duration pause = FIRST_PAUSE;

  /// @param console who is told that an answer is waited for
  /// @param told whether that has been said, so that it is said once only
  RetryWindow(Environment time, Console console, AtomicBoolean told) {
    this.time = time;
    this.console = console;
    this.told = told;
  }

  @Override
  public boolean again(ClientException failure) {
    if (!mayPass(failure)) {
      return false;
    }
    Duration now = time.uptime();
    Duration begun = since == null ? now : since;
    since = begun;
    Duration silent = now.minus(begun);
    if (silent.compareTo(LENGTH) >= 0) {
      return false;
    }
    if (silent.compareTo(QUIET) >= 0 && !told.getAndSet(true)) {
      console.complain(
          "Waiting up to " + Spans.text(LENGTH) + " for the API: " + ErrorText.reason(failure));
    }
    try {
      time.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever asked finds it, and this failure
      return false;
    }
    pause = Spans.shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    return true;
  }

  private boolean mayPass(ClientException failure) {
    return switch (failure) {
      case ApiException _ -> true; // only "not now" comes here
      case Unreachable unreachable ->
          switch (unreachable.prospect()) {
            case SOON -> true;
            case ABSENT -> heard;
            case NEVER -> false;
          };
    };
  }

  @Override
  public void answered() {
    heard = true;
    since = null;
    pause = FIRST_PAUSE;
  }
}
