package fleet.unit.requirements;

import fleet.unit.FleetOption;
import fleet.unit.Quoted;
import fleet.unit.UnitFile;
import fleet.unit.UnitOption;
import fleet.unit.UnitText;
import fleet.unit.words.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/// Finds what somebody has written for fleet where, or in a way that, fleet does not see it.
/// systemd says nothing of sections that begin with `X-`, so a slip in one would be silent.
final class Slips {

  /// Nobody reads more.
  private static final int MOST = 20;

  private static final String OURS = "X-Fleet";

  private static final List<String> KEYS =
      Arrays.stream(FleetOption.values())
          .flatMap(option -> option.spellings().stream().sorted())
          .toList();

  private Slips() {}

  /// One sentence for each, in the order of the file.
  static List<String> of(UnitFile file) {
    var slips = new LinkedHashSet<String>();
    for (UnitOption option : file.options()) {
      if (option.section().equals(OURS)) {
        if (!FleetOption.knows(option.name())) {
          slips.add(unknownKey(option.name()));
        }
      } else if (isMeantForUs(option.section())) {
        slips.add(
            "unrecognized section "
                + Quoted.text("[" + option.section() + "]")
                + ", did you mean \"[X-Fleet]\"?");
      } else if (isOurs(option)) {
        slips.add(
            Quoted.text(option.name())
                + " has no effect in section "
                + Quoted.text("[" + option.section() + "]")
                + ", did you mean \"[X-Fleet]\"?");
      }
    }
    List<String> first = slips.stream().limit(MOST + 1L).toList();
    if (first.size() <= MOST) {
      return first;
    }
    var cut = new ArrayList<>(first.subList(0, MOST));
    cut.add("and more");
    return cut;
  }

  /// In the words of fleet 1.0, and what may have been meant.
  private static String unknownKey(String key) {
    return "unrecognized requirement in [X-Fleet] section: "
        + Quoted.text(key)
        + Nearest.question(
            key.substring(0, Math.min(key.length(), Quoted.LONGEST)), KEYS, List.of());
  }

  /// Whether the name is a slip or a forgotten `X-` away from ours.
  private static boolean isMeantForUs(String section) {
    String name = UnitText.trim(section);
    return name.length() <= OURS.length() + 1
        && (name.toLowerCase(Locale.ROOT).equals("fleet") || Nearest.distance(name, OURS) <= 1);
  }

  /// Whether the option means something to fleet, and nothing where it stands. Sections that begin
  /// with `X-` are somebody else's.
  private static boolean isOurs(UnitOption option) {
    return FleetOption.knows(option.name())
        && !option.section().startsWith("X-")
        && !(option.section().equals("Unit") && option.name().equals("Conflicts"));
  }
}
