package fleet.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the rules are about: the classes of all modules that are shipped, as both programs have
/// them.
final class House {

  /// What is on the class path: all that is shipped, and the doubles.
  static final JavaClasses WITH_DOUBLES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("fleet");

  static final JavaClasses CLASSES = WITH_DOUBLES.that(DescribedPredicate.not(areInTheWorkshop()));

  private House() {}

  private static DescribedPredicate<JavaClass> areInTheWorkshop() {
    SortedSet<String> workshop = new TreeSet<>();
    try {
      Path root = Path.of("..");
      for (BuildModule module : BuildModule.all(root)) {
        if (!module.shipped()) {
          workshop.addAll(rooms(root, module));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DescribedPredicate.describe(
        "are not shipped", type -> workshop.contains(type.getPackageName()));
  }

  /// All packages that have classes, of all modules of the build that are shipped.
  ///
  /// @param root the folder of the build
  static List<String> rooms(Path root) throws IOException {
    List<String> rooms = new ArrayList<>();
    for (BuildModule module : BuildModule.all(root)) {
      if (module.shipped()) {
        rooms.addAll(rooms(root, module));
      }
    }
    return rooms;
  }

  private static List<String> rooms(Path root, BuildModule module) throws IOException {
    List<String> rooms = new ArrayList<>();
    Path sources = root.resolve(module.name()).resolve("src/main/java");
    if (Files.exists(sources)) {
      try (Stream<Path> folders = Files.walk(sources)) {
        for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
          if (hasClasses(folder)) {
            rooms.add(sources.relativize(folder).toString().replace('/', '.'));
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
