package fleet.chaos;

import fleet.chaos.Wish.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What must be so when trouble has ended, and all machines are there: everything as users were
/// told, every launched unit active exactly once, and said to be where it is. A function.
final class Rest {

  private final Survey survey;
  private final List<String> wrong = new ArrayList<>();

  private Rest(Survey survey) {
    this.survey = survey;
  }

  /// What is not so, in words.
  static List<String> wrong(Survey survey, Wishes wishes) {
    var rest = new Rest(survey);
    var units = new TreeSet<>(wishes.units());
    units.addAll(survey.listed().keySet());
    survey.files().values().forEach(files -> units.addAll(files.keySet()));
    for (String unit : units) {
      rest.consider(unit, wishes.of(unit));
    }
    survey
        .own()
        .forEach(
            (unit, state) -> {
              if (!state.equals("active")) {
                rest.wrong.add("the machine's own " + unit + " is " + state);
              }
            });
    return rest.wrong;
  }

  private void consider(String unit, SortedSet<Wish> possible) {
    Wish listed = survey.listed().getOrDefault(unit, Wish.NONE);
    if (!possible.contains(listed)) {
      wrong.add("of " + unit + " " + possible + " was acknowledged, and " + listed + " is listed");
    }
    List<String> homes = homes(unit);
    switch (listed.target()) {
      case ABSENT, INACTIVE -> {
        expect(unit, "active", List.of(), active(unit));
        expect(unit, "on disk", List.of(), homes);
      }
      case LOADED -> {
        expect(unit, "active", List.of(), active(unit));
        placed(unit, homes);
      }
      case LAUNCHED -> {
        expect(unit, "active where its file is", homes, active(unit));
        placed(unit, homes);
      }
    }
    if (listed.target() != Target.ABSENT) {
      for (String node : homes) {
        String text = survey.files().getOrDefault(node, none()).getOrDefault(unit, "");
        if (!text.equals(listed.text())) {
          wrong.add(
              unit + " should have text " + listed.text() + ", on " + node + " it has " + text);
        }
      }
    }
    told(unit);
  }

  private static SortedMap<String, String> none() {
    return Collections.emptySortedMap();
  }

  private List<String> homes(String unit) {
    return survey.files().entrySet().stream()
        .filter(entry -> entry.getValue().containsKey(unit))
        .map(entry -> entry.getKey())
        .toList();
  }

  private List<String> active(String unit) {
    return survey.active().entrySet().stream()
        .filter(entry -> entry.getValue().getOrDefault(unit, "inactive").equals("active"))
        .map(entry -> entry.getKey())
        .toList();
  }

  private void placed(String unit, List<String> homes) {
    if (Population.isGlobal(unit)) {
      expect(unit, "on disk", List.copyOf(survey.active().keySet()), homes);
    } else if (unit.equals(Population.WITH_ROLE)) {
      boolean right =
          survey.roles().isEmpty()
              ? homes.isEmpty()
              : homes.size() == 1 && survey.roles().containsKey(homes.getFirst());
      if (!right) {
        wrong.add(unit + " is on " + homes + ", and the role is that of " + survey.roles());
      }
    } else if (homes.size() != 1) {
      wrong.add(unit + " should be on one machine, it is on " + homes);
    } else {
      neighbors(unit, homes.getFirst());
    }
  }

  private void neighbors(String unit, String home) {
    if (unit.startsWith("x-apart@")) {
      survey.files().getOrDefault(home, none()).keySet().stream()
          .filter(other -> other.startsWith("x-apart@") && !other.equals(unit))
          .forEach(other -> wrong.add(unit + " and " + other + " are both on " + home));
    }
    String leader = Population.companions().get(unit);
    if (leader != null && !homes(leader).contains(home)) {
      wrong.add(unit + " is on " + home + ", " + leader + " on " + homes(leader));
    }
  }

  /// States tell the truth.
  private void told(String unit) {
    var states = new TreeMap<String, String>();
    survey
        .active()
        .forEach(
            (node, units) -> {
              if (survey.files().getOrDefault(node, none()).containsKey(unit)) {
                states.put(node, units.getOrDefault(unit, "inactive"));
              }
            });
    var told = survey.told().getOrDefault(unit, none());
    if (!told.equals(states)) {
      wrong.add("of " + unit + " list-units tells " + told + ", systemd " + states);
    }
  }

  private void expect(String unit, String what, List<String> expected, List<String> found) {
    if (!expected.equals(found)) {
      wrong.add(unit + " should be " + what + " on " + expected + ", it is on " + found);
    }
  }
}
