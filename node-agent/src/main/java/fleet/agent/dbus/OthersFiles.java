package fleet.agent.dbus;

import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;

/// Tells fleet's unit files from those of others, in all folders that systemd reads for them
/// (systemd.unit(5), *Unit File Load Path*).
///
/// A file is fleet's if it is the one in fleet's directory, or a link that leads there: systemd
/// tells of either, as it comes. What a folder holds is remembered as long as the folder has not
/// changed, since agents look often.
final class OthersFiles {

  /// A folder that was changed later than this before it was listed is listed again the next time.
  private static final Duration TOO_FRESH = Duration.ofMillis(500);

  /// More links than lead anywhere.
  private static final int MOST_LINKS = 16;

  private static final Path MASK = Path.of("/dev/null");

  /// fleet's directory, as systemd sees it.
  private final Path units;

  private final DbusOptions options;
  private final Map<Path, Listed> memory = new HashMap<>();

  /// Folders in which systemd looks, as it sees them, the most important first.
  private volatile List<Path> folders = List.of();

  /// @param changed when; null if it may change again without a trace
  /// @param targets where those of the names lead that were asked for, if they are links
  private record Listed(
      @Nullable FileTime changed, Set<String> names, Map<String, Optional<Path>> targets) {}

  OthersFiles(DbusOptions options) {
    this.units = options.unitsDirectory().normalize();
    this.options = options;
  }

  /// Asks systemd where it looks. To be done for each connection.
  void ask(Link link, Duration limit) throws InterruptedException {
    Request question = Request.property("/org/freedesktop/systemd1", "Manager", "UnitPath");
    if (link.call(question, limit).orThrow().getFirst() instanceof Variant<?> answer
        && answer.getValue() instanceof List<?> paths) {
      folders = paths.stream().map(path -> Path.of(path.toString())).toList();
    }
  }

  /// The path of a file of that name, or of its template, that systemd finds and that is not
  /// fleet's file for the unit; empty if there is none.
  Optional<String> of(UnitName.Placeable unit) {
    return of(unit.text(), unit)
        .or(
            () ->
                switch (unit) {
                  case UnitName.Plain _ -> Optional.empty();
                  case UnitName.Instance instance -> of(instance.template().text(), unit);
                });
  }

  /// The path of a file of that name that systemd finds and that is not fleet's file for `unit`:
  /// whose name it would be if `unit` had it as an alias.
  Optional<String> of(String name, UnitName.Placeable unit) {
    Path home = units.resolve(unit.text());
    for (Path folder : folders) {
      Listed listed = listed(folder);
      if (listed.names().contains(name)) {
        Path file = folder.resolve(name);
        var target = listed.targets().computeIfAbsent(name, _ -> Optional.ofNullable(target(file)));
        if (!target.equals(Optional.of(home)) && isSomebodys(file) && !leadsTo(file, unit)) {
          return Optional.of(file.toString());
        }
      }
    }
    return Optional.empty();
  }

  /// Whether that file, or link, is fleet's file for the unit.
  boolean leadsTo(Path file, UnitName.Placeable unit) {
    Path home = units.resolve(unit.text());
    Path end = end(file);
    return end.equals(home) || isSame(end, home);
  }

  /// The unit for which that file, or link, is fleet's; empty if it is none.
  Optional<UnitName.Placeable> unitOf(Path file) {
    Path end = end(file);
    return units.equals(end.getParent())
            && UnitName.parse(end.getFileName().toString())
                instanceof Parsed.Ok<UnitName>(UnitName.Placeable unit)
        ? Optional.of(unit)
        : Optional.empty();
  }

  /// Where links lead in the end, or to a place in fleet's directory.
  private Path end(Path file) {
    Path at = file.normalize();
    for (int links = 0; links < MOST_LINKS && !units.equals(at.getParent()); links++) {
      Path next = target(at);
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }

  /// Two paths may lead to one file through folders that are links.
  private boolean isSame(Path file, Path home) {
    try {
      return file.getFileName().equals(home.getFileName())
          && Files.isSameFile(options.reached(file), options.reached(home));
    } catch (IOException e) {
      return false;
    }
  }

  /// Where a link leads, as systemd sees it; null if it is none.
  private @Nullable Path target(Path link) {
    try {
      return link.resolveSibling(Files.readSymbolicLink(options.reached(link))).normalize();
    } catch (IOException | UnsupportedOperationException e) {
      return null; // neither is what is not there
    }
  }

  /// Whether systemd would load anything from there. It ignores links that lead nowhere, and an
  /// empty file is a mask, as a link to `/dev/null` is.
  private boolean isSomebodys(Path file) {
    Path at = file;
    for (int links = 0; links < MOST_LINKS; links++) {
      if (at.equals(MASK)) {
        return false;
      }
      Path next = target(at);
      if (next == null) {
        return isText(options.reached(at));
      }
      at = next;
    }
    return false;
  }

  private static boolean isText(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether systemd would find anything there.
  boolean isThere(Path file) {
    return isSomebodys(file);
  }

  /// Whether fleet's file, or the link to it, would lie there.
  boolean isPlaceOf(UnitName.Placeable unit, Path file) {
    return file.equals(options.runtimeUnits().resolve(unit.text()))
        || file.equals(units.resolve(unit.text()));
  }

  private synchronized Listed listed(Path folder) {
    Path reached = options.reached(folder);
    FileTime changed = changed(reached);
    Listed known = memory.get(folder);
    if (known != null && known.changed() != null && known.changed().equals(changed)) {
      return known;
    }
    Set<String> names = changed == null ? Collections.emptySet() : list(reached);
    boolean fresh = changed != null && changed.toInstant().isAfter(Instant.now().minus(TOO_FRESH));
    var listed = new Listed(fresh ? null : changed, names, new ConcurrentHashMap<>());
    memory.put(folder, listed);
    return listed;
  }

  private static @Nullable FileTime changed(Path folder) {
    try {
      return Files.getLastModifiedTime(folder);
    } catch (IOException e) {
      return null;
    }
  }

  private static Set<String> list(Path folder) {
    var names = new TreeSet<String>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        names.add(file.getFileName().toString());
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // it has just gone
    } catch (IOException e) {
      names.clear(); // systemd does not read it, either
    }
    return names;
  }
}
