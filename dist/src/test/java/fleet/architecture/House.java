package fleet.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the rules are about: the classes of all modules, as both programs have them.
final class House {

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("fleet");

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  private House() {}

  /// All packages that have classes, of all modules of the build.
  ///
  /// @param root the folder of the build
  static List<String> rooms(Path root) throws IOException {
    List<String> rooms = new ArrayList<>();
    var modules = MODULE.matcher(Files.readString(root.resolve("pom.xml")));
    while (modules.find()) {
      Path sources = root.resolve(modules.group(1)).resolve("src/main/java");
      if (Files.exists(sources)) {
        try (Stream<Path> folders = Files.walk(sources)) {
          for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
            if (hasClasses(folder)) {
              rooms.add(sources.relativize(folder).toString().replace('/', '.'));
            }
          }
        }
      }
    }
    return rooms;
  }

  /// How many types a package has, those within others not counted.
  static long types(String room) {
    return CLASSES.stream()
        .filter(type -> type.getPackageName().equals(room))
        .filter(type -> type.isTopLevelClass())
        .filter(type -> !type.getSimpleName().equals("package-info"))
        .count();
  }

  private static boolean hasClasses(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> name.endsWith(".java") && !name.equals("package-info.java"));
    }
  }
}
