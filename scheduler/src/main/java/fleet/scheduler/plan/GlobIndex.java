package fleet.scheduler.plan;

import fleet.unit.requirements.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Finds the globs that match a name without trying them all: those with a literal beginning are
/// looked up by it.
///
/// @param <T> what comes with a glob
final class GlobIndex<T> {

  private final SortedMap<String, SortedMap<Glob, List<T>>> byBeginning = new TreeMap<>();

  void add(Glob glob, T owner) {
    byBeginning
        .computeIfAbsent(literalBeginning(glob), _ -> new TreeMap<>())
        .computeIfAbsent(glob, _ -> new ArrayList<>())
        .add(owner);
  }

  private static String literalBeginning(Glob glob) {
    String pattern = glob.pattern();
    int end = 0;
    while (end < pattern.length() && "*?[\\".indexOf(pattern.charAt(end)) < 0) {
      end++;
    }
    return pattern.substring(0, end);
  }

  /// The globs that match `name`.
  SortedSet<Glob> matching(String name) {
    var matching = new TreeSet<Glob>();
    for (int end = 0; !byBeginning.isEmpty() && end <= name.length(); end++) {
      var globs = byBeginning.get(name.substring(0, end));
      if (globs != null) {
        globs.keySet().stream().filter(glob -> glob.matches(name)).forEach(matching::add);
      }
    }
    return matching;
  }

  /// What came with a glob.
  List<T> owners(Glob glob) {
    var globs = byBeginning.get(literalBeginning(glob));
    return globs == null ? List.of() : globs.getOrDefault(glob, List.of());
  }
}
