package fleet.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import fleet.architecture.HouseRules.Rule;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// A class that breaks a rule is found in whichever module it is put.
@Tag("slow")
class PlantedViolationsTest {

  /// Surefire gives the real one away only here.
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir Path folder;

  /// @param room in which the class is planted
  /// @param member what it does
  /// @param rule by which it is found, as its name begins
  private record Planted(String room, String member, String rule) {}

  private static final String NOW = "Object now = java.time.Instant.now();";

  private static final List<Planted> PLANTED =
      List.of(
          new Planted("fleet.unit", "java.io.File file;", "unit-parser depends on nothing"),
          new Planted("fleet.unit", NOW, "decisions do not ask for the time"),
          new Planted("fleet.cluster", "fleet.agent.Agent agent;", "fleet.cluster.. uses"),
          new Planted("fleet.cluster.registry", NOW, "time comes through the door"),
          new Planted("fleet.pem", "fleet.cluster.MachineId id;", "fleet.pem.. uses only"),
          new Planted("fleet.store.etcd", "fleet.api.http.HttpServer http;", "fleet.store.. uses"),
          new Planted("fleet.store.etcd", "org.h2.mvstore.MVStore store;", "MVStore stays in"),
          new Planted("fleet.scheduler.lead", "fleet.agent.Agent agent;", "fleet.scheduler.."),
          new Planted("fleet.scheduler.lead", NOW, "time comes through the door"),
          new Planted(
              "fleet.scheduler.plan",
              "fleet.cluster.env.Environment environment;",
              "decisions are pure"),
          new Planted(
              "fleet.scheduler.commit",
              "fleet.cluster.registry.Registry registry;",
              "decisions are pure"),
          new Planted("fleet.scheduler.uncertainty", NOW, "decisions do not ask for the time"),
          new Planted("fleet.scheduler.uncertainty", "java.util.Random chance;", "decisions are"),
          new Planted(
              "fleet.scheduler.plan", "Object copy = java.util.Set.of(1);", "no unordered copies"),
          new Planted("fleet.agent", "fleet.scheduler.plan.Plan plan;", "fleet.agent.. uses"),
          new Planted("fleet.agent.unit", NOW, "decisions do not ask for the time"),
          new Planted("fleet.agent.reconcile", NOW, "decisions do not ask for the time"),
          new Planted("fleet.agent", NOW, "time comes through the door"),
          new Planted("fleet.agent", "org.freedesktop.dbus.DBusPath path;", "dbus-java stays in"),
          new Planted("fleet.api.service", "fleet.scheduler.plan.Plan plan;", "fleet.api.. uses"),
          new Planted("fleet.api.service", "io.vertx.core.Vertx vertx;", "Vert.x stays in"),
          new Planted(
              "fleet.ctl.verb", "fleet.cluster.registry.Keyspace keys;", "fleet.ctl.. uses only"),
          new Planted(
              "fleet.ctl.verb", "java.util.HashMap<?, ?> map;", "decisions iterate in order"),
          new Planted("fleet.ctl.verb", "void print() { System.out.print(1); }", "nobody writes"),
          new Planted("fleet.daemon", "fleet.ctl.verb.Verbs verbs;", "fleet.daemon.. uses only"),
          new Planted("fleet.daemon", "io.grpc.Status status;", "gRPC stays in"),
          new Planted("fleet.nowhere", "", "every package says what may be null"));

  @TestFactory
  List<DynamicTest> whatIsPlantedIsFound() {
    return PLANTED.stream()
        .map(
            planted ->
                dynamicTest(
                    planted.rule + " finds " + planted.member + " in " + planted.room,
                    () -> {
                      Rule rule = rule(planted.rule);
                      JavaClasses found = plant(planted);

                      assertEquals(true, rule.rule().evaluate(found).hasViolation());
                    }))
        .toList();
  }

  private static Rule rule(String beginning) {
    return HouseRules.all().stream()
        .filter(rule -> rule.name().startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  private JavaClasses plant(Planted planted) throws IOException {
    Path sources = Files.createTempDirectory(folder, "planted");
    Path source = sources.resolve("Planted.java");
    Files.writeString(
        source, "package " + planted.room + "; class Planted { " + planted.member + " }");
    var problems = new StringWriter();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                problems,
                null,
                null,
                List.of("-proc:none", "-cp", CLASS_PATH, "-d", sources.toString()),
                null,
                ToolProvider.getSystemJavaCompiler()
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjects(source))
            .call();
    assertEquals(true, compiled, problems.toString());
    return new ClassFileImporter().importPath(sources);
  }
}
