package fleet.chaos;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The units of the chaos command. All names begin with `x-`.
///
/// Some are left alone by users, once they run: whoever stops one of those is a fault or a defect.
final class Population {

  static final String ROLE = "db";
  static final String GLOBAL = "x-every.service";
  static final String BUSY_GLOBAL = "x-busy-every.service";
  static final String WITH_ROLE = "x-role.service";
  static final String BESIDE = "x-beside.service";

  private static final String SERVICE = "\n[Service]\nExecStart=/bin/sleep infinity\n";
  private static final int CALM = 10;
  private static final int APART = 3;
  private static final int BUSY = 12;

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
    return units;
  }

  /// What must be where another is.
  static SortedMap<String, String> companions() {
    var companions = new TreeMap<String, String>();
    companions.put(BESIDE, "x-calm@1.service");
    return companions;
  }

  /// The units that users are busy with.
  static List<String> busy() {
    List<String> units = new ArrayList<>(List.of(BUSY_GLOBAL, WITH_ROLE));
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
          default -> "";
        };
    return text("revision " + revision, requirement);
  }

  private static String text(String description, String requirement) {
    String fleet = requirement.isEmpty() ? "" : "\n[X-Fleet]\n" + requirement + "\n";
    return "[Unit]\nDescription=" + description + "\n" + SERVICE + fleet;
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
