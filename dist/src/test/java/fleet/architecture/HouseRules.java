package fleet.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/// The house rules. Each has a reason; change the reason before you change the rule.
///
/// A rule that finds no class to be about fails: ArchUnit does so by itself.
final class HouseRules {

  private static final String[] GENERATED = {"fleet.store.wire.."};

  /// A rule, by a name that says what it asks for.
  record Rule(String name, ArchRule rule) {}

  private HouseRules() {}

  static List<Rule> all() {
    List<Rule> rules = new ArrayList<>();
    rooms(rules);
    libraries(rules);
    rules.addAll(Purity.rules());
    values(rules);
    rules.add(noCycles());
    return rules;
  }

  /// What holds for doubles, too.
  static List<Rule> ofDoubles() {
    List<Rule> rules = new ArrayList<>(Purity.rulesOfDoubles());
    rules.add(saysWhatMayBeNull());
    rules.add(noCycles());
    return rules;
  }

  private static Rule noCycles() {
    return new Rule(
        "no package depends on itself through others",
        slices().matching("fleet.(**)").should().beFreeOfCycles());
  }

  private static void rooms(List<Rule> rules) {
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
                    "java.math..",
                    "java.time",
                    "java.util..",
                    "java.security..",
                    "java.nio.charset..",
                    "org.jspecify..")
                .because("a parser that reaches for more is no longer a function of its text")));
    rules.add(mayUse("fleet.cluster..", "fleet.unit..", "fleet.cluster.."));
    rules.add(mayUse("fleet.pem..", "fleet.pem.."));
    rules.add(
        mayUse("fleet.store..", "fleet.unit..", "fleet.cluster..", "fleet.pem..", "fleet.store.."));
    rules.add(mayUse("fleet.scheduler..", "fleet.unit..", "fleet.cluster..", "fleet.scheduler.."));
    rules.add(mayUse("fleet.agent..", "fleet.unit..", "fleet.cluster..", "fleet.agent.."));
    rules.add(
        mayUse("fleet.api..", "fleet.unit..", "fleet.cluster..", "fleet.pem..", "fleet.api.."));
    rules.add(
        mayUse(
            "fleet.ctl..",
            "fleet.unit..",
            "fleet.cluster.env..",
            "fleet.api",
            "fleet.api.client..",
            "fleet.ctl.."));
    rules.add(
        mayUse(
            "fleet.daemon..",
            "fleet.unit..",
            "fleet.cluster..",
            "fleet.store..",
            "fleet.scheduler..",
            "fleet.agent..",
            "fleet.api..",
            "fleet.daemon.."));
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
  }

  private static void libraries(List<Rule> rules) {
    rules.add(onlyIn("Vert.x", "io.vertx..", "fleet.api.http.."));
    rules.add(onlyIn("gRPC", "io.grpc..", "fleet.store.."));
    rules.add(onlyIn("protobuf", "com.google.protobuf..", "fleet.store.."));
    rules.add(onlyIn("MVStore", "org.h2..", "fleet.store.embedded.."));
    rules.add(onlyIn("dbus-java", "org.freedesktop.dbus..", "fleet.agent.dbus.."));
    rules.add(
        onlyIn("Jackson", "com.fasterxml.jackson..", "fleet.cluster.registry..", "fleet.api.."));
    rules.add(
        new Rule(
            "the client binds no data",
            noClasses()
                .that()
                .resideInAnyPackage("fleet.api", "fleet.api.client..", "fleet.ctl..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson.databind..")
                .because("it costs fleetctl 130 ms at each start")));
  }

  private static void values(List<Rule> rules) {
    rules.add(
        new Rule(
            "values are frozen",
            fields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(
                    "fleet.unit", "fleet.cluster", "fleet.api", "fleet.scheduler.uncertainty")
                .and()
                .areDeclaredInClassesThat(
                    describe("are records", (JavaClass type) -> type.isRecord()))
                .should()
                .haveModifier(JavaModifier.FINAL)));
    rules.add(saysWhatMayBeNull());
    rules.add(
        new Rule(
            "nobody writes to the console but programs",
            noClasses()
                .that()
                .resideInAPackage("fleet..")
                .and()
                .resideOutsideOfPackages("fleet.daemon..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("fleetctl has a console of its own, and a daemon has a log")));
  }

  private static Rule saysWhatMayBeNull() {
    return new Rule(
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
            .because("NullAway looks nowhere else"));
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

  private static Predicate<JavaClass> outside(String... rooms) {
    return type -> !resideInAnyPackage(rooms).test(type);
  }

  private static Rule onlyIn(String library, String packages, String... rooms) {
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

  private static ArchCondition<JavaClass> condition(
      String description, Predicate<JavaClass> holds) {
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
