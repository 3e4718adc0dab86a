package fleet.agent.order;

import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which units must be up for another to be, as its own text says (systemd.unit(5), `Requires=`).
/// What drop-ins or folders such as `web.service.requires` say is not known here.
public final class Needs {

  private static final List<String> WORDS = List.of("Requires", "BindsTo", "Requisite");

  private Needs() {}

  /// What a text names, but for names with specifiers in them.
  public static SortedSet<UnitName.Placeable> of(UnitFile file) {
    var needs = new TreeSet<UnitName.Placeable>();
    for (var option : file.options()) {
      if (option.section().equals("Unit") && WORDS.contains(option.name())) {
        for (String word : option.value().split("\\s+")) {
          if (UnitName.parse(word) instanceof Ok<UnitName>(UnitName.Placeable unit)) {
            needs.add(unit);
          }
        }
      }
    }
    return needs;
  }

  /// What a text names, and what the texts of those name, and so on.
  ///
  /// @param files whose texts are known
  public static SortedSet<UnitName.Placeable> all(
      UnitFile file, Map<UnitName.Placeable, UnitFile> files) {
    var all = new TreeSet<UnitName.Placeable>();
    var open = of(file);
    while (!open.isEmpty()) {
      UnitName.Placeable next = open.removeFirst();
      if (all.add(next)) {
        UnitFile text = files.get(next);
        if (text != null) {
          open.addAll(of(text));
        }
      }
    }
    return all;
  }
}
