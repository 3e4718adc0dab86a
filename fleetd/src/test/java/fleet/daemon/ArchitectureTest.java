package fleet.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The house rules. Each has a reason; change the reason before you change the rule.
///
/// Plain dynamic tests, since a rule in a field that nobody runs would read green.
class ArchitectureTest {

  private static final JavaClasses FLEET =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("fleet");

  private static final String[] GENERATED = {"fleet.store.wire.."};

  private record Rule(String name, ArchRule rule) {}

  private static final List<Rule> RULES = rules();

  @TestFactory
  List<DynamicTest> everyRuleHolds() {
    return RULES.stream()
        .map(rule -> dynamicTest(rule.name, () -> rule.rule.check(FLEET)))
        .toList();
  }

  @Test
  void noRuleIsLost() {
    assertEquals(22, RULES.size());
  }

  @Test
  void theRulesSeeAllRooms() {
    for (String room :
        List.of(
            "fleet.unit.UnitFile",
            "fleet.cluster.registry.Registry",
            "fleet.store.embedded.EmbeddedStore",
            "fleet.store.etcd.EtcdStore",
            "fleet.scheduler.Planner",
            "fleet.agent.Reconciler",
            "fleet.agent.dbus.DbusSystemd",
            "fleet.api.http.HttpServer",
            "fleet.daemon.Daemon")) {
      assertEquals(true, FLEET.contain(room), room);
    }
  }

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();

    rules.add(
        new Rule(
            "unit-parser depends on nothing",
            classes()
                .that()
                .resideInAPackage("fleet.unit..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                    "fleet.unit..",
                    "java.lang..",
                    "java.util..",
                    "java.security..",
                    "java.nio.charset..",
                    "org.jspecify..")
                .because("a parser that reaches for more is no longer a function of its text")));
    rules.add(mayUse("fleet.cluster..", "fleet.unit..", "fleet.cluster.."));
    rules.add(mayUse("fleet.store..", "fleet.unit..", "fleet.cluster..", "fleet.store.."));
    rules.add(mayUse("fleet.scheduler..", "fleet.unit..", "fleet.cluster..", "fleet.scheduler.."));
    rules.add(mayUse("fleet.agent..", "fleet.unit..", "fleet.cluster..", "fleet.agent.."));
    rules.add(mayUse("fleet.api..", "fleet.unit..", "fleet.cluster..", "fleet.api.."));

    rules.add(onlyIn("fleet.api.http..", "Vert.x", "io.vertx.."));
    rules.add(onlyIn("fleet.store..", "gRPC", "io.grpc.."));
    rules.add(onlyIn("fleet.store..", "protobuf", "com.google.protobuf.."));
    rules.add(onlyIn("fleet.store.embedded..", "MVStore", "org.h2.."));
    rules.add(onlyIn("fleet.agent.dbus..", "dbus-java", "org.freedesktop.dbus.."));
    rules.add(
        onlyIn(
            new String[] {"fleet.cluster.registry..", "fleet.api.."},
            "Jackson",
            "com.fasterxml.jackson.."));
    rules.add(
        new Rule(
            "the client binds no data",
            noClasses()
                .that()
                .resideInAnyPackage("fleet.api", "fleet.api.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson.databind..")
                .because("it costs fleetctl 130 ms at each start")));

    rules.add(
        new Rule(
            "decisions are pure",
            noClasses()
                .that(
                    describe(
                        "belong to a decision",
                        type ->
                            reachableFrom("fleet.scheduler.Planner", type)
                                || reachableFrom("fleet.agent.Reconciler", type)))
                .should()
                .dependOnClassesThat(
                    resideInAnyPackage(
                            "fleet.cluster.env..",
                            "fleet.cluster.store..",
                            "fleet.cluster.registry..",
                            "java.io..",
                            "java.net..",
                            "java.nio.file..",
                            "java.time..",
                            "java.util.concurrent..",
                            "java.util.logging..",
                            "java.util.random..")
                        .or(
                            describe(
                                "a log or a thread",
                                type ->
                                    type.getName().startsWith("java.lang.System$Logger")
                                        || type.getName().equals("java.lang.Thread"))))
                .because("a decision is a function of a snapshot")));
    rules.add(
        new Rule(
            "time comes through the door",
            noClasses()
                .that()
                .resideInAnyPackage(
                    "fleet.cluster",
                    "fleet.cluster.registry..",
                    "fleet.scheduler..",
                    "fleet.agent",
                    "fleet.agent.systemd..",
                    "fleet.api.service..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .because("what does not pass through Environment cannot be simulated")));
    rules.add(
        new Rule(
            "no unordered copies",
            noClasses()
                .that()
                .resideInAnyPackage(
                    "fleet.unit..",
                    "fleet.cluster",
                    "fleet.cluster.registry..",
                    "fleet.scheduler..",
                    "fleet.agent..")
                .should()
                .callMethodWhere(
                    describe(
                        "Set.of, Set.copyOf, Map.of or Map.copyOf",
                        call ->
                            (call.getTargetOwner().isEquivalentTo(java.util.Set.class)
                                    || call.getTargetOwner().isEquivalentTo(java.util.Map.class))
                                && List.of("of", "copyOf", "ofEntries").contains(call.getName())))
                .because("their order of iteration changes from one JVM to the next")));
    rules.add(
        new Rule(
            "decisions iterate in order",
            noClasses()
                .that()
                .resideInAnyPackage("fleet.cluster", "fleet.scheduler..", "fleet.agent")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(HashMap|HashSet)")
                .because("equal snapshots must give equal plans")));
    rules.add(
        new Rule(
            "values are frozen",
            fields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage("fleet.unit", "fleet.cluster", "fleet.api")
                .and()
                .areDeclaredInClassesThat(
                    describe("are records", (JavaClass type) -> type.isRecord()))
                .should()
                .haveModifier(JavaModifier.FINAL)));
    rules.add(
        new Rule(
            "every package says what may be null",
            classes()
                .that()
                .resideInAPackage("fleet..")
                .and()
                .resideOutsideOfPackages(GENERATED)
                .should(
                    condition(
                        "reside in a @NullMarked package",
                        type -> type.getPackage().isAnnotatedWith(NullMarked.class)))
                .because("NullAway looks nowhere else")));
    rules.add(
        new Rule(
            "nobody writes to the console but programs",
            noClasses()
                .that()
                .resideInAnyPackage(
                    "fleet.unit..",
                    "fleet.cluster..",
                    "fleet.store..",
                    "fleet.scheduler..",
                    "fleet.agent..",
                    "fleet.api..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")));
    rules.add(
        new Rule(
            "the wire knows no cluster",
            noClasses()
                .that()
                .resideInAnyPackage("fleet.api", "fleet.api.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("fleet.cluster..")
                .because("fleetctl and other clients live on the wire alone")));
    rules.add(
        new Rule(
            "no package depends on itself through others",
            slices().matching("fleet.(**)").should().beFreeOfCycles()));
    return rules;
  }

  private static Rule mayUse(String room, String... rooms) {
    return new Rule(
        room + " uses only " + String.join(", ", rooms),
        noClasses()
            .that()
            .resideInAPackage(room)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("fleet..").and(describe("are elsewhere", outside(rooms))))
            .because("engines, agents and the API meet only in the store"));
  }

  private static java.util.function.Predicate<JavaClass> outside(String... rooms) {
    return type -> !resideInAnyPackage(rooms).test(type);
  }

  private static Rule onlyIn(String room, String library, String packages) {
    return onlyIn(new String[] {room}, library, packages);
  }

  private static Rule onlyIn(String[] rooms, String library, String packages) {
    return new Rule(
        library + " stays in " + String.join(", ", rooms),
        noClasses()
            .that()
            .resideInAPackage("fleet..")
            .and()
            .resideOutsideOfPackages(rooms)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(packages)
            .because("each library has a room, so that it can be replaced there"));
  }

  /// Whether the class of that name is `type`, or needs it directly or through others of its
  /// package.
  private static boolean reachableFrom(String root, JavaClass type) {
    if (!FLEET.contain(root)) {
      return false;
    }
    JavaClass start = FLEET.get(root);
    return type.equals(start)
        || (type.getPackageName().equals(start.getPackageName())
            && start.getTransitiveDependenciesFromSelf().stream()
                .anyMatch(dependency -> dependency.getTargetClass().equals(type)));
  }

  private static ArchCondition<JavaClass> condition(
      String description, java.util.function.Predicate<JavaClass> holds) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!holds.test(type)) {
          events.add(SimpleConditionEvent.violated(type, type.getName() + " does not"));
        }
      }
    };
  }
}
