package fleet.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Doubles and programs for developers stay out of what is shipped.
class ModulesTest {

  @Test
  void whatIsShippedNeedsNoDoubles() throws IOException {
    assertEquals(List.of(), BuildModule.problems(BuildModule.all(Path.of(".."))));
  }

  @Test
  void whatNeedsDoublesIsFound(@TempDir Path root) throws IOException {
    Files.writeString(
        root.resolve("pom.xml"),
        """
        <module>doubles</module> <module>tested</module> <module>careless</module>
        <module>forgotten</module> <module>dist</module>
        """);
    write(
        root,
        "doubles",
        "<properties><maven.deploy.skip>true</maven.deploy.skip></properties>"
            + dependency("tested", ""));
    write(root, "tested", dependency("doubles", "<scope>test</scope>"));
    write(root, "careless", dependency("tested", "") + dependency("doubles", ""));
    write(root, "forgotten", "");
    write(root, "dist", dependency("careless", "<scope>runtime</scope>"));

    assertEquals(
        List.of(
            "careless is shipped, and needs doubles, which is not",
            "forgotten is not in the tree, and does not say so"),
        BuildModule.problems(BuildModule.all(root)));
  }

  private static void write(Path root, String module, String pom) throws IOException {
    Path folder = Files.createDirectory(root.resolve(module));
    Files.writeString(folder.resolve("pom.xml"), pom);
  }

  private static String dependency(String module, String scope) {
    return """
    <dependency>
      <groupId>fleet</groupId>
      <artifactId>%s</artifactId>
      %s
    </dependency>
    """
        .formatted(module, scope);
  }
}
