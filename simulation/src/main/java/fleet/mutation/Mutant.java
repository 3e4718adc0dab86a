package fleet.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The production code with one safeguard removed.
///
/// Its file says in the first line what the safeguard is, and then what becomes of the code, in the
/// form of a patch: `in: FILE`, followed by lines that stay (` `), go (`-`) and come (`+`). What
/// stays and goes must stand in the file once.
///
/// @param name of its file, without the suffix
/// @param safeguard what is removed, in a sentence
/// @param hunks in the order of the file
record Mutant(String name, String safeguard, List<Hunk> hunks) {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path FOLDER =
      PROJECT.resolve("simulation/src/main/resources/fleet/mutation");
  private static final String SUFFIX = ".mutant";

  Mutant {
    hunks = List.copyOf(hunks);
  }

  /// One change of one file, whose path begins in the project's folder.
  record Hunk(String file, String before, String after) {}

  /// All that there are, by name.
  static List<Mutant> all() throws IOException {
    try (var files = Files.list(FOLDER)) {
      var mutants = new ArrayList<Mutant>();
      for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList()) {
        mutants.add(read(file));
      }
      return mutants;
    }
  }

  private static Mutant read(Path path) throws IOException {
    List<String> lines = Files.readAllLines(path);
    var hunks = new ArrayList<Hunk>();
    var before = new StringBuilder();
    var after = new StringBuilder();
    String file = "";
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("in: ")) {
        close(hunks, file, before, after);
        file = line.substring("in: ".length());
      } else if (!line.isEmpty()) {
        String text = line.substring(1) + "\n";
        switch (line.charAt(0)) {
          case ' ' -> {
            before.append(text);
            after.append(text);
          }
          case '-' -> before.append(text);
          case '+' -> after.append(text);
          default -> throw new IOException(path + ": expected ' ', '-' or '+', found " + line);
        }
      }
    }
    close(hunks, file, before, after);
    String name = String.valueOf(path.getFileName());
    return new Mutant(name.substring(0, name.length() - SUFFIX.length()), lines.getFirst(), hunks);
  }

  private static void close(
      List<Hunk> hunks, String file, StringBuilder before, StringBuilder after) {
    if (!before.isEmpty()) {
      hunks.add(new Hunk(file, before.toString(), after.toString()));
    }
    before.setLength(0);
    after.setLength(0);
  }

  /// The text of each file that it changes, as it is without the safeguard.
  ///
  /// @throws AssertionError if the code has changed so that the mutant must be written anew
  SortedMap<Path, String> sources() throws IOException {
    var sources = new TreeMap<Path, String>();
    for (Hunk hunk : hunks) {
      Path path = PROJECT.resolve(hunk.file());
      String text = sources.containsKey(path) ? sources.get(path) : Files.readString(path);
      int at = text.indexOf(hunk.before());
      if (at < 0 || text.indexOf(hunk.before(), at + 1) >= 0) {
        throw new AssertionError(
            """
            mutant %s: expected once in %s, found %s:
            %s
            The code has changed. If the safeguard "%s" stands elsewhere now, say so in \
            simulation/src/main/resources/fleet/mutation/%s%s; if it is gone for good, delete that file \
            and its row in docs/reliability.md.\
            """
                .formatted(
                    name,
                    hunk.file(),
                    at < 0 ? "nowhere" : "more than once",
                    hunk.before(),
                    safeguard,
                    name,
                    SUFFIX));
      }
      sources.put(path, text.replace(hunk.before(), hunk.after()));
    }
    return Collections.unmodifiableSortedMap(sources);
  }
}
