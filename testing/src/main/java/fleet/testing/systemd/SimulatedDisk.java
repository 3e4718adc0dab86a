package fleet.testing.systemd;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.unit.Installation;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The unit files of a machine that exists in memory only: fleet's, the links to them, and those
/// that are the machine's own, which come and go as the machine likes.
final class SimulatedDisk {

  /// Whose a file is that systemd loads.
  record Source(UnitFile file, boolean fleets) {}

  private final TreeMap<UnitName.Placeable, WrittenFile> files = new TreeMap<>();
  private final TreeSet<UnitName.Placeable> linked = new TreeSet<>();

  /// By path: in `/etc` they outrank fleet's, elsewhere fleet's hides them.
  private final TreeMap<UnitName.Placeable, TreeMap<String, WrittenFile>> others = new TreeMap<>();

  /// The names of fleet's files.
  SortedSet<UnitName.Placeable> names() {
    return Collections.unmodifiableSortedSet(files.navigableKeySet());
  }

  OnDisk onDisk(UnitName.Placeable name) {
    WrittenFile file = files.get(name);
    return file == null ? new OnDisk.Absent() : file.onDisk();
  }

  /// What fleet's file says; empty if there is none, or it is spoiled.
  Optional<UnitFile> file(UnitName.Placeable name) {
    WrittenFile file = files.get(name);
    return file != null && file.onDisk() instanceof OnDisk.Present
        ? Optional.of(file.loaded())
        : Optional.empty();
  }

  /// What systemd would load.
  Optional<Source> source(UnitName.Placeable name) {
    WrittenFile fleets = linked.contains(name) ? files.get(name) : null;
    var own = others.get(name);
    if (own != null && (fleets == null || own.firstKey().startsWith("/etc/"))) {
      return Optional.of(new Source(own.firstEntry().getValue().loaded(), false));
    }
    return Optional.ofNullable(fleets).map(file -> new Source(file.loaded(), true));
  }

  /// The path of a file of the machine's own; empty if there is none.
  String another(UnitName.Placeable name) {
    var own = others.get(name);
    return own == null ? "" : own.firstKey();
  }

  /// @return why not; empty if it is installed
  String install(UnitName.Placeable name, UnitFile file) {
    String refusal = refusal(name, file);
    if (refusal.isEmpty()) {
      files.put(name, WrittenFile.of(file.text()));
      linked.add(name);
    } else {
      remove(name);
    }
    return refusal;
  }

  private String refusal(UnitName.Placeable name, UnitFile file) {
    if (!another(name).isEmpty()) {
      return "this machine has a " + name + " of its own: " + another(name);
    }
    Installation installation = Installation.of(name, file);
    for (UnitName.Placeable alias : placeable(installation.aliases())) {
      if (files.containsKey(alias) || others.containsKey(alias)) {
        return "its Alias=" + alias + " is the name of another's unit here: " + another(alias);
      }
    }
    for (UnitName.Placeable also : placeable(installation.also())) {
      if (others.containsKey(also) && !files.containsKey(also)) {
        return "its Also=" + also + " would enable another's unit: " + another(also);
      }
    }
    return Behavior.of(name, file).enableable()
        ? ""
        : "Failed to enable systemd unit " + name + ": Invalid cross-device link";
  }

  private static SortedSet<UnitName.Placeable> placeable(SortedSet<String> texts) {
    var names = new TreeSet<UnitName.Placeable>();
    for (String text : texts) {
      if (UnitName.parse(text) instanceof Parsed.Ok<UnitName>(UnitName.Placeable name)) {
        names.add(name);
      }
    }
    return names;
  }

  void remove(UnitName.Placeable name) {
    files.remove(name);
    linked.remove(name);
  }

  /// Writes a file of fleet's, behind fleet's back.
  void write(UnitName.Placeable name, String text) {
    files.put(name, WrittenFile.of(text));
  }

  /// Links what lies in fleet's directory, as a daemon did that never asked whose the name is.
  void link(UnitName.Placeable name) {
    linked.add(name);
  }

  /// Deletes a file of fleet's, behind fleet's back.
  void delete(UnitName.Placeable name) {
    files.remove(name);
  }

  /// Puts a file of the machine's own there.
  void put(String path, UnitName.Placeable name, String text) {
    others.computeIfAbsent(name, _ -> new TreeMap<>()).put(path, WrittenFile.of(text));
  }

  /// Takes it away.
  void take(String path, UnitName.Placeable name) {
    var own = others.get(name);
    if (own != null) {
      own.remove(path);
      if (own.isEmpty()) {
        others.remove(name);
      }
    }
  }

  /// What a reboot leaves: all that is the machine's own.
  void reboot() {
    files.clear();
    linked.clear();
  }
}
