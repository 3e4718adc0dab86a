package fleet.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A module of the build, as its pom describes it.
///
/// @param shipped whether it is part of what users install: `maven.deploy.skip` says that it is not
/// @param needs the modules of the build that it cannot do without; what only its tests need is not
///     among them
record BuildModule(String name, boolean shipped, List<String> needs) {

  /// Its tree is what is shipped.
  private static final String DIST = "dist";

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern NOT_SHIPPED =
      Pattern.compile("<maven\\.deploy\\.skip>true</maven\\.deploy\\.skip>");
  private static final Pattern DEPENDENCY =
      Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
  private static final Pattern OURS =
      Pattern.compile("<groupId>fleet</groupId>\\s*<artifactId>([^<]+)</artifactId>");

  BuildModule {
    needs = List.copyOf(needs);
  }

  /// All modules, in the order of the build's pom.
  ///
  /// @param root the folder of the build
  static List<BuildModule> all(Path root) throws IOException {
    List<BuildModule> all = new ArrayList<>();
    var modules = MODULE.matcher(Files.readString(root.resolve("pom.xml")));
    while (modules.find()) {
      String pom = Files.readString(root.resolve(modules.group(1)).resolve("pom.xml"));
      all.add(new BuildModule(modules.group(1), !NOT_SHIPPED.matcher(pom).find(), needs(pom)));
    }
    return all;
  }

  private static List<String> needs(String pom) {
    List<String> needs = new ArrayList<>();
    var dependencies = DEPENDENCY.matcher(pom);
    while (dependencies.find()) {
      String dependency = dependencies.group(1);
      var ours = OURS.matcher(dependency);
      if (ours.find() && !dependency.contains("<scope>test</scope>")) {
        needs.add(ours.group(1));
      }
    }
    return needs;
  }

  /// What is wrong with what is shipped, a sentence each: a module that needs one that is not
  /// shipped, or one that is said to be shipped and is not in the tree.
  static List<String> problems(List<BuildModule> modules) {
    SortedSet<String> kept = new TreeSet<>();
    modules.stream().filter(module -> !module.shipped()).forEach(module -> kept.add(module.name()));
    SortedSet<String> tree = new TreeSet<>();
    gather(DIST, modules, tree);
    List<String> problems = new ArrayList<>();
    for (BuildModule module : modules) {
      for (String need : module.needs()) {
        if (module.shipped() && kept.contains(need)) {
          problems.add(module.name() + " is shipped, and needs " + need + ", which is not");
        }
      }
    }
    for (BuildModule module : modules) {
      if (module.shipped() && !tree.contains(module.name())) {
        problems.add(module.name() + " is not in the tree, and does not say so");
      }
    }
    return problems;
  }

  /// Adds a module to the tree, and all that it needs.
  private static void gather(String name, List<BuildModule> modules, SortedSet<String> tree) {
    if (tree.add(name)) {
      modules.stream()
          .filter(module -> module.name().equals(name))
          .flatMap(module -> module.needs().stream())
          .forEach(need -> gather(need, modules, tree));
    }
  }
}
