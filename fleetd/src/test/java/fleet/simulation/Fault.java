package fleet.simulation;

import java.util.Locale;

/// What is done to a world on purpose.
enum Fault {
  POWER_LOST,
  ALL_POWER_LOST,
  MACHINE_LOST_FOR_GOOD,
  CUT_OFF,
  HEARS_NOTHING,
  NOT_HEARD,
  STORE_AWAY,
  STORE_COMPACTED,
  LEASE_ENDED,
  DAEMON_KILLED,
  DAEMON_HANGS,
  ALL_DAEMONS_HANG,
  DAEMON_LEAVES,
  CLOCK_SET,
  DISK_FULL,
  UNIT_FILE_EDITED,
  UNIT_FILE_DELETED,
  REQUEST_LOST,
  REQUEST_LATE,
  ANSWER_LOST,
  ANSWER_LATE,
  WATCH_SIGNAL_LOST,
  WATCH_LATE,
  SYSTEMD_AWAY,
  SYSTEMD_SLOW,
  SYSTEMD_REFUSES,
  SYSTEMD_ANSWER_LOST;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
