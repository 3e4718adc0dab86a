package fleet.agent.dbus;

import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The links that lead to fleet's unit files, in systemd's directory for units that last until the
/// next boot: what links and enables them.
///
/// `DisableUnitFiles` would take away more: all links of those names there, whoever made them and
/// wherever they lead, and those of the units that `Also=` names.
final class OwnLinks {

  private static final List<String> KINDS = List.of(".wants", ".requires", ".upholds");

  /// systemd's directory, as it sees it.
  private final Path runtime;

  private final DbusOptions options;
  private final OthersFiles others;

  OwnLinks(DbusOptions options, OthersFiles others) {
    this.runtime = options.runtimeUnits();
    this.options = options;
    this.others = others;
  }

  /// Deletes all that lead to the file of one of these units, also if that is gone.
  ///
  /// @return those of which links are left, with the reason
  /// @throws IOException if the links cannot be listed
  SortedMap<UnitName.Placeable, String> delete(Set<UnitName.Placeable> units) throws IOException {
    var left = new TreeMap<UnitName.Placeable, String>();
    if (!units.isEmpty()) {
      // Links may lead to other links: none goes before it is known where all of them lead.
      found(units)
          .forEach(
              (link, unit) -> {
                try {
                  Files.deleteIfExists(options.reached(link));
                  deleteIfEmpty(link.getParent());
                } catch (IOException e) {
                  left.put(unit, link + ": " + UnitDirectory.problem(e));
                }
              });
    }
    return left;
  }

  private SortedMap<Path, UnitName.Placeable> found(Set<UnitName.Placeable> units)
      throws IOException {
    var found = new TreeMap<Path, UnitName.Placeable>();
    for (Path link : links()) {
      others.unitOf(link).filter(units::contains).ifPresent(unit -> found.put(link, unit));
    }
    return found;
  }

  private List<Path> links() throws IOException {
    var links = new ArrayList<Path>();
    for (Path entry : entries(runtime)) {
      if (isLink(entry)) {
        links.add(entry);
      } else if (KINDS.stream().anyMatch(entry.getFileName().toString()::endsWith)) {
        entries(entry).stream().filter(this::isLink).forEach(links::add);
      }
    }
    return links;
  }

  private boolean isLink(Path entry) {
    return Files.isSymbolicLink(options.reached(entry));
  }

  private List<Path> entries(Path folder) throws IOException {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(options.reached(folder))) {
      stream.forEach(entry -> entries.add(folder.resolve(entry.getFileName())));
    } catch (NoSuchFileException | NotDirectoryException e) {
      // there is nothing in it
    }
    return entries;
  }

  private void deleteIfEmpty(@Nullable Path folder) throws IOException {
    if (folder != null && !folder.equals(runtime)) {
      try {
        Files.deleteIfExists(options.reached(folder));
      } catch (DirectoryNotEmptyException e) {
        // others are needed yet
      }
    }
  }
}
