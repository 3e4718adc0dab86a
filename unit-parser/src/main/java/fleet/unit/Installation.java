package fleet.unit;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// The other units that an `[Install]` section names (systemd.unit(5)).
///
/// Of systemd's specifiers the four that fleet knows are expanded.
///
/// @param aliases further names that the unit would have (`Alias=`)
/// @param also units that would be enabled and disabled with it (`Also=`)
public record Installation(SortedSet<String> aliases, SortedSet<String> also) {

  public Installation {
    aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
    also = Collections.unmodifiableSortedSet(new TreeSet<>(also));
  }

  /// What the file of that unit says. The unit itself is not among them.
  public static Installation of(UnitName name, UnitFile file) {
    return new Installation(names(name, file, "Alias"), names(name, file, "Also"));
  }

  private static SortedSet<String> names(UnitName name, UnitFile file, String key) {
    var names = new TreeSet<String>();
    for (UnitOption option : file.options()) {
      if (option.section().equals("Install") && option.name().equals(key)) {
        if (option.value().isBlank()) {
          names.clear();
        }
        for (String word : option.value().strip().split("\\s+")) {
          String other = Specifiers.expand(word, name);
          if (!other.isEmpty() && !other.equals(name.text())) {
            names.add(other);
          }
        }
      }
    }
    return names;
  }
}
