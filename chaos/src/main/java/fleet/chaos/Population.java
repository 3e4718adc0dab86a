package fleet.chaos;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The units of the chaos command. All names begin with `x-`.
///
/// Some are left alone by users, once they run: whoever stops one of those is a fault or a defect.
final class Population {

  static final String ROLE = "db";
  static final String GLOBAL = "x-every.service";
  static final String BUSY_GLOBAL = "x-busy-every.service";
  static final String WITH_ROLE = "x-role.service";
  static final String BESIDE = "x-beside.service";
  static final String STUBBORN = "x-stubborn.service";
  static final String BUSY_ONLY = "x-busy-only.service";

  /// Where this file is, breaking units fail.
  static final String BROKEN = "/run/x-broken";

  private static final String SERVICE = "\n[Service]\nExecStart=/bin/sleep infinity\n";

  /// Hangs when it is to stop, ends for no signal but `KILL`, and is restarted by systemd then.
  private static final String STUBBORN_SERVICE =
      """

      [Service]
      ExecStart=/bin/sh -c 'trap "" TERM; while :; do sleep 1; done'
      ExecStop=/bin/sleep 60
      Restart=always
      RestartSec=100ms
      TimeoutStopSec=2s
      """;

  private static final String BREAKING_SERVICE =
      "\n[Service]\nExecStart=/bin/sh -c 'while ! [ -e "
          + BROKEN
          + " ]; do sleep 1; done; exit 1'\n";

  private static final String EXCLUSIVE = "Exclusive=true";
  private static final int CALM = 10;
  private static final int APART = 3;
  private static final int ONLY = 3;
  private static final int STOPPING = 3;
  private static final int BREAKING = 2;
  private static final int BUSY = 12;
  private static final int OF_V1 = 3;
  private static final String V1_PREFIX = "x-old@";

  private Population() {}

  /// Files of the units that are started first and then left alone.
  static SortedMap<String, String> calm() {
    var units = new TreeMap<String, String>();
    for (int i = 1; i <= CALM; i++) {
      units.put("x-calm@" + i + ".service", text("left alone", ""));
    }
    for (int i = 1; i <= APART; i++) {
      units.put("x-apart@" + i + ".service", text("apart", "Conflicts=x-apart@*.service"));
    }
    units.put(GLOBAL, text("everywhere", "Global=true"));
    units.put(BESIDE, text("beside", "MachineOf=x-calm@1.service"));
    for (String unit : numbered("x-keep@", STOPPING)) {
      units.put(unit, text("runs on where it is cut off", "Disconnect=keep"));
    }
    for (String unit : numbered("x-stop@", STOPPING)) {
      units.put(unit, text("stops where it is cut off", "Disconnect=stop"));
    }
    for (String unit : numbered("x-only@", ONLY)) {
      units.put(unit, text("one copy", SERVICE + "TimeoutStopSec=2s\n", EXCLUSIVE));
    }
    units.put(STUBBORN, text("one copy, which is hard to stop", STUBBORN_SERVICE, EXCLUSIVE));
    for (String unit : breaking()) {
      units.put(unit, text("may fail", BREAKING_SERVICE, "FailureLimit=2"));
    }
    return units;
  }

  private static SortedSet<String> numbered(String prefix, int count) {
    var units = new TreeSet<String>();
    for (int i = 1; i <= count; i++) {
      units.add(prefix + i + ".service");
    }
    return units;
  }

  /// What must be where another is.
  static SortedMap<String, String> companions() {
    var companions = new TreeMap<String, String>();
    companions.put(BESIDE, "x-calm@1.service");
    return companions;
  }

  static SortedSet<String> breaking() {
    return numbered("x-breaking@", BREAKING);
  }

  static Traits traits() {
    var exclusive = numbered("x-only@", ONLY);
    exclusive.addAll(List.of(STUBBORN, BUSY_ONLY));
    var bound = numbered("x-stop@", STOPPING);
    bound.addAll(exclusive);
    return new Traits(companions(), exclusive, bound, breaking(), OwnUnit.homes());
  }

  /// The units that users are busy with.
  static List<String> busy() {
    List<String> units = new ArrayList<>(List.of(BUSY_GLOBAL, WITH_ROLE, BUSY_ONLY));
    units.addAll(numbered(V1_PREFIX, OF_V1));
    OwnUnit.ALL.forEach(own -> units.add(own.unit()));
    for (int i = 1; i <= BUSY; i++) {
      units.add("x-busy@" + i + ".service");
    }
    return units;
  }

  /// A file for a busy unit.
  ///
  /// @param revision tells it from others for the same unit
  static String busy(String unit, int revision) {
    String requirement =
        switch (unit) {
          case BUSY_GLOBAL -> "Global=true";
          case WITH_ROLE -> "MachineMetadata=role=" + ROLE;
          case BUSY_ONLY -> EXCLUSIVE;
          default -> "";
        };
    return text("revision " + revision, requirement);
  }

  private static String text(String description, String requirement) {
    return text(description, SERVICE, requirement);
  }

  private static String text(String description, String service, String requirement) {
    String fleet = requirement.isEmpty() ? "" : "\n[X-Fleet]\n" + requirement + "\n";
    return "[Unit]\nDescription=" + description + "\n" + service + fleet;
  }

  /// Whether users have it done by the client of fleet 1.0.
  static boolean isOfV1(String unit) {
    return unit.startsWith(V1_PREFIX);
  }

  static boolean isGlobal(String unit) {
    return unit.equals(GLOBAL) || unit.equals(BUSY_GLOBAL);
  }

  /// As `list-unit-files` shows it in full.
  static String hash(String text) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
