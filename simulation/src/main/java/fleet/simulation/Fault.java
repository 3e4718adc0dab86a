package fleet.simulation;

import java.util.Locale;

/// What is done to a world on purpose.
enum Fault {
  POWER_LOST,
  ALL_POWER_LOST,
  MACHINE_LOST_FOR_GOOD,
  MACHINE_COPIED,
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
  ALL_DAEMONS_UPGRADED,
  UNIT_FAILS,
  UNIT_CRASHES_AGAIN_AND_AGAIN,
  UNIT_FILE_EDITED,
  UNIT_FILE_DELETED,
  MACHINE_HAS_ITS_OWN,
  REQUEST_LOST,
  REQUEST_LATE,
  ANSWER_LOST,
  ANSWER_LATE,
  WATCH_SIGNAL_LOST,
  WATCH_LATE,
  SYSTEMD_AWAY,
  SYSTEMD_SLOW,
  SYSTEMD_REFUSES,
  SYSTEMD_ANSWER_LOST,
  AIMED_HANG,
  AIMED_KILL,
  AIMED_CUT,
  AIMED_DELAY,
  AIMED_CLOCK;

  static Fault of(Blow blow) {
    return switch (blow) {
      case HANG -> AIMED_HANG;
      case KILL -> AIMED_KILL;
      case CUT -> AIMED_CUT;
      case DELAY -> AIMED_DELAY;
      case CLOCK -> AIMED_CLOCK;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
