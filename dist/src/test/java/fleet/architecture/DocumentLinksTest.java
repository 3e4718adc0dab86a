package fleet.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every link of a document leads somewhere: to a file or folder that is there, to a heading that
/// it has, and, where its text names a method, to a class that has that.
class DocumentLinksTest {

  private static final Path PROJECT = Path.of("..");

  /// `[text](target)`, but not of an image.
  private static final Pattern LINK = Pattern.compile("(?<!!)\\[([^\\]]*)\\]\\(([^)\\s]+)\\)");

  /// A method in the text of a link: `` `Planner.plan` ``.
  private static final Pattern METHOD = Pattern.compile("`([A-Z]\\w*)[.#]([a-z]\\w*)`");

  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      links += check(document, broken);
    }

    assertEquals(List.of(), broken);
    assertTrue(links > 100, "only " + links + " links were found");
  }

  @Test
  void brokenLinksAreFound(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("There.java"), "class There { void here() {} }");
    Files.writeString(folder.resolve("there.md"), "# A heading, `so`\n");
    Path document = folder.resolve("page.md");
    Files.writeString(
        document,
        """
        [good](There.java), [`There.here`](There.java), [good](there.md#a-heading-so), [x](https://x)
        [gone](Gone.java), [`There.gone`](There.java), [`Other.here`](There.java),
        [no heading](there.md#nowhere), [here](#nowhere)
        """);

    List<String> broken = new ArrayList<>();
    check(document, broken);

    assertEquals(
        List.of(
            "page.md: Gone.java is not there",
            "page.md: There.java has no There.gone",
            "page.md: There.java has no Other.here",
            "page.md: there.md has no heading #nowhere",
            "page.md: page.md has no heading #nowhere"),
        broken);
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(PROJECT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !PROJECT.relativize(file).toString().contains("target/"))
          .sorted()
          .toList();
    }
  }

  /// @return how many links there are
  private static int check(Path document, List<String> broken) throws IOException {
    int links = 0;
    var found = LINK.matcher(Files.readString(document));
    while (found.find()) {
      String target = found.group(2);
      if (!target.contains("://") && !target.startsWith("mailto:")) {
        links++;
        String problem = problem(document, found.group(1), target);
        if (!problem.isEmpty()) {
          broken.add(document.getFileName() + ": " + problem);
        }
      }
    }
    return links;
  }

  private static String problem(Path document, String text, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    if (!Files.exists(file)) {
      return parts[0] + " is not there";
    }
    if (parts.length == 2 && !hasHeading(file, parts[1])) {
      return file.getFileName() + " has no heading #" + parts[1];
    }
    var method = METHOD.matcher(text);
    if (method.matches() && !hasMethod(file, method.group(1), method.group(2))) {
      return file.getFileName() + " has no " + method.group(1) + "." + method.group(2);
    }
    return "";
  }

  private static boolean hasMethod(Path file, String type, String method) throws IOException {
    return file.getFileName().toString().equals(type + ".java")
        && Pattern.compile("[\\w>\\]] " + method + "\\(").matcher(Files.readString(file)).find();
  }

  /// Headings have the names that GitHub gives them.
  private static boolean hasHeading(Path file, String name) throws IOException {
    return HEADING
        .matcher(Files.readString(file))
        .results()
        .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .anyMatch(name::equals);
  }
}
