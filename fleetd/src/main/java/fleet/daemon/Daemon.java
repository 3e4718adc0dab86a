package fleet.daemon;

import fleet.daemon.config.Configuration;

/// The daemon, put together.
final class Daemon {

  private Daemon() {}

  static int run(Configuration configuration) {
    throw new AssertionError(configuration);
  }
}
