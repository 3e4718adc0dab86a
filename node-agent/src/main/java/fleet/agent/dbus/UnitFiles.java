package fleet.agent.dbus;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.unit.Installation;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes unit files and makes them known to systemd, and the reverse, as fleet 1.0 did
/// (`systemd/manager.go`): each is linked from its directory into systemd's own, until the next
/// boot; those with an `[Install]` section are enabled as well.
///
/// Many are dealt with in one call of `LinkUnitFiles`. If that is refused, each is tried alone, so
/// that one bad unit hurts no other.
///
/// A name that another has on this machine is left to it: nothing is written under it, linked over
/// it, enabled or disabled, be it the unit's own, an alias of it, or one that its `Also=` names.
/// fleet 1.0 took it over.
final class UnitFiles {

  private static final boolean UNTIL_BOOT = true;
  private static final boolean EVEN_IF_LINKED_ELSEWHERE = false;

  /// The directory as systemd sees it.
  private final Path path;

  private final UnitDirectory directory;
  private final SwitchFiles switches;
  private final OthersFiles others;
  private final OwnLinks links;
  private final Duration limit;

  UnitFiles(
      Path path,
      UnitDirectory directory,
      SwitchFiles switches,
      OthersFiles others,
      OwnLinks links,
      Duration limit) {
    this.path = path;
    this.directory = directory;
    this.switches = switches;
    this.others = others;
    this.links = links;
    this.limit = limit;
  }

  /// @return those that are not installed, with the reason
  SortedMap<UnitName.Placeable, String> install(
      Link link, SortedMap<UnitName.Placeable, UnitFile> files)
      throws IOException, InterruptedException {
    var refused = new TreeMap<>(taken(files));
    links
        .delete(keys(files, refused::containsKey))
        .forEach((name, e) -> refused.put(name, refused.get(name) + "; " + e));
    links
        .delete(replaced(files))
        .forEach(
            (name, e) -> refused.put(name, "Failed to disable systemd unit " + name + ": " + e));
    files.forEach(
        (name, file) -> {
          if (refused.containsKey(name)) {
            return;
          }
          try {
            if (Requirements.of(name, file).exclusive()) {
              switches.guard(name);
            } else {
              switches.delete(name);
            }
            directory.write(name, file);
          } catch (IOException e) {
            refused.put(
                name, "Failed to write unit file " + name + ": " + UnitDirectory.problem(e));
          }
        });
    link(link, keys(files, name -> !refused.containsKey(name)))
        .forEach((name, e) -> refused.put(name, "Failed to link systemd unit " + name + ": " + e));
    enable(link, keys(files, name -> !refused.containsKey(name) && installable(files, name)))
        .forEach(
            (name, e) -> refused.put(name, "Failed to enable systemd unit " + name + ": " + e));
    var _ = links.delete(refused.keySet());
    refused.keySet().forEach(directory::delete);
    return refused;
  }

  /// Those whose names are others', with a sentence that says whose.
  private SortedMap<UnitName.Placeable, String> taken(SortedMap<UnitName.Placeable, UnitFile> files)
      throws IOException {
    var taken = new TreeMap<UnitName.Placeable, String>();
    var ours = new TreeSet<String>();
    directory.list().keySet().forEach(name -> ours.add(name.text()));
    files.keySet().forEach(name -> ours.add(name.text()));
    files.forEach(
        (name, file) ->
            taken(name, Installation.of(name, file), ours).ifPresent(why -> taken.put(name, why)));
    return taken;
  }

  private Optional<String> taken(
      UnitName.Placeable name, Installation installation, SortedSet<String> ours) {
    return others
        .of(name)
        .map(path -> "this machine has a " + name + " of its own: " + path)
        .or(
            () ->
                installation.aliases().stream()
                    .flatMap(
                        alias ->
                            others.of(alias, name).stream()
                                .map(
                                    path ->
                                        "its Alias="
                                            + alias
                                            + " is the name of another's unit here: "
                                            + path))
                    .findFirst())
        .or(
            () ->
                installation.also().stream()
                    .filter(also -> !ours.contains(also))
                    .flatMap(
                        also ->
                            others.of(also, name).stream()
                                .map(
                                    path ->
                                        "its Also="
                                            + also
                                            + " would enable another's unit: "
                                            + path))
                    .findFirst());
  }

  private static SortedSet<UnitName.Placeable> keys(
      SortedMap<UnitName.Placeable, UnitFile> files, Function<UnitName.Placeable, Boolean> which) {
    var keys = new TreeSet<>(files.keySet());
    keys.removeIf(name -> !which.apply(name));
    return keys;
  }

  private static boolean installable(
      SortedMap<UnitName.Placeable, UnitFile> files, UnitName.Placeable name) {
    UnitFile file = files.get(name);
    return file != null && file.installable();
  }

  /// Those under whose names something else lies now: what it was enabled for goes with it.
  private SortedSet<UnitName.Placeable> replaced(SortedMap<UnitName.Placeable, UnitFile> files)
      throws IOException {
    SortedMap<UnitName.Placeable, OnDisk> present = directory.list();
    return keys(
        files,
        name -> {
          UnitFile file = files.get(name);
          OnDisk old = present.get(name);
          return old != null && file != null && !old.equals(new OnDisk.Present(file.hash()));
        });
  }

  /// @return those whose files are still there, with the reason
  SortedMap<UnitName.Placeable, String> remove(Link link, SortedSet<UnitName.Placeable> names)
      throws IOException, InterruptedException {
    var left = new TreeMap<UnitName.Placeable, String>();
    links
        .delete(names)
        .forEach((name, e) -> left.put(name, "Failed to disable systemd unit " + name + ": " + e));
    var _ =
        link.callAll(
            names.stream()
                .filter(name -> others.of(name).isEmpty())
                .map(name -> Request.manager("ResetFailedUnit", "s", name.text()))
                .toList(),
            limit);
    for (UnitName.Placeable name : names) {
      String problem = left.containsKey(name) ? null : delete(name);
      if (problem != null) {
        left.put(name, "Failed to delete unit file " + name + ": " + problem);
      }
    }
    return left;
  }

  private @Nullable String delete(UnitName.Placeable name) {
    try {
      switches.delete(name);
    } catch (IOException e) {
      return UnitDirectory.problem(e);
    }
    return directory.delete(name);
  }

  // Each returns those for which systemd refuses, with its reason.

  private SortedMap<UnitName.Placeable, String> link(Link link, Set<UnitName.Placeable> names)
      throws InterruptedException {
    return together(
        link,
        names,
        some ->
            Request.manager(
                "LinkUnitFiles", "asbb", paths(some), UNTIL_BOOT, EVEN_IF_LINKED_ELSEWHERE));
  }

  private SortedMap<UnitName.Placeable, String> together(
      Link link,
      Set<UnitName.Placeable> names,
      Function<Collection<UnitName.Placeable>, Request> ask)
      throws InterruptedException {
    if (names.isEmpty() || link.call(ask.apply(names), limit) instanceof Reply.Answer) {
      return new TreeMap<>();
    }
    return alone(
        link,
        names,
        name -> ask.apply(List.of(name)),
        reply ->
            reply instanceof Reply.Refusal refusal && !refusal.noSuchUnit()
                ? refusal.message()
                : null);
  }

  /// Only the answer for one alone says whether there was anything to enable.
  private SortedMap<UnitName.Placeable, String> enable(Link link, Set<UnitName.Placeable> names)
      throws InterruptedException {
    return alone(
        link,
        names,
        name ->
            Request.manager(
                "EnableUnitFiles",
                "asbb",
                paths(List.of(name)),
                UNTIL_BOOT,
                EVEN_IF_LINKED_ELSEWHERE),
        reply ->
            switch (reply) {
              case Reply.Refusal refusal -> refusal.message();
              case Reply.Answer(var values) ->
                  values.getFirst().equals(true) ? null : "its [Install] section enables nothing";
            });
  }

  private SortedMap<UnitName.Placeable, String> alone(
      Link link,
      Set<UnitName.Placeable> names,
      Function<UnitName.Placeable, Request> ask,
      Function<Reply, @Nullable String> problem)
      throws InterruptedException {
    var refused = new TreeMap<UnitName.Placeable, String>();
    List<UnitName.Placeable> list = List.copyOf(names);
    List<Reply> replies = link.callAll(list.stream().map(ask).toList(), limit);
    for (int i = 0; i < list.size(); i++) {
      String found = problem.apply(replies.get(i));
      if (found != null) {
        refused.put(list.get(i), found);
      }
    }
    return refused;
  }

  private List<String> paths(Collection<UnitName.Placeable> names) {
    return names.stream().map(name -> path.resolve(name.text()).toString()).toList();
  }
}
