package fleet.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import fleet.architecture.HouseRules.Rule;
import java.util.List;
import java.util.Set;

/// What decisions must not do: ask for anything that they were not given. A span or an instant that
/// they were given is a value like any other.
final class Purity {

  /// Packages in which everything is a decision, or a value that decisions are about.
  static final String[] DECISIONS = {
    "fleet.unit..",
    "fleet.agent.unit..",
    "fleet.agent.order..",
    "fleet.agent.reconcile..",
    "fleet.scheduler.plan..",
    "fleet.scheduler.commit..",
    "fleet.scheduler.uncertainty.."
  };

  /// Where what is done is simulated, too: time and threads come from `Environment`.
  private static final String[] SIMULATED = {
    "fleet.cluster",
    "fleet.cluster.registry..",
    "fleet.scheduler..",
    "fleet.agent",
    "fleet.agent.presence..",
    "fleet.agent.report..",
    "fleet.agent.pace..",
    "fleet.agent.systemd..",
    "fleet.api.service..",
    "fleet.ctl.."
  };

  private static final DescribedPredicate<JavaClass> ARE_DECISIONS = resideInAnyPackage(DECISIONS);

  private Purity() {}

  static List<Rule> rules() {
    return List.of(
        new Rule(
            "decisions are pure",
            noClasses()
                .that(ARE_DECISIONS)
                .should()
                .dependOnClassesThat(
                    resideInAnyPackage(
                            "fleet.cluster.env..",
                            "fleet.cluster.store..",
                            "java.io..",
                            "java.net..",
                            "java.nio.file..",
                            "java.util.concurrent..",
                            "java.util.logging..",
                            "java.util.random..")
                        .or(describe("reach for the store", Purity::reachesForTheStore))
                        .or(describe("ask for time, chance, a log or a thread", Purity::asks)))
                .because("a decision is a function of what it is given")),
        new Rule(
            "decisions do not ask for the time",
            noClasses()
                .that(ARE_DECISIONS)
                .should()
                .callMethodWhere(describe("asks for the time", Purity::asksForTime))
                .because("the time is given to them")),
        timeComesThroughTheDoor(SIMULATED),
        noUnorderedCopies(
            "fleet.unit..",
            "fleet.cluster",
            "fleet.cluster.registry..",
            "fleet.scheduler..",
            "fleet.agent..",
            "fleet.ctl.."),
        new Rule(
            "decisions iterate in order",
            noClasses()
                .that()
                .resideInAnyPackage(
                    "fleet.cluster", "fleet.scheduler..", "fleet.agent", "fleet.ctl..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(HashMap|HashSet)")
                .because("equal snapshots must give equal plans, and equal answers equal output")));
  }

  /// What doubles must not do, as what is simulated follows from its seed only if they do not.
  static List<Rule> rulesOfDoubles() {
    return List.of(
        timeComesThroughTheDoor("fleet.testing.systemd..", "fleet.testing.saved.."),
        noUnorderedCopies("fleet.testing.systemd..", "fleet.testing.saved.."));
  }

  private static Rule timeComesThroughTheDoor(String... rooms) {
    return new Rule(
        "time comes through the door",
        noClasses()
            .that()
            .resideInAnyPackage(rooms)
            .should()
            .callMethodWhere(describe("asks for the time", Purity::asksForTime))
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class)
            .orShould()
            .callMethod(Thread.class, "ofVirtual")
            .orShould()
            .callMethod(Thread.class, "startVirtualThread", Runnable.class)
            .because("what does not pass through Environment cannot be simulated"));
  }

  private static Rule noUnorderedCopies(String... rooms) {
    return new Rule(
        "no unordered copies",
        noClasses()
            .that()
            .resideInAnyPackage(rooms)
            .should()
            .callMethodWhere(
                describe("Set.of, Set.copyOf, Map.of or Map.copyOf", Purity::copiesWithoutOrder))
            .because("their order of iteration changes from one JVM to the next"));
  }

  /// The registry's records are values; what reads and writes them is not.
  private static boolean reachesForTheStore(JavaClass type) {
    return type.getPackageName().startsWith("fleet.cluster.registry")
        && !Set.of("Decision", "Reasons").contains(outermost(type).getSimpleName());
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(Purity::outermost).orElse(type);
  }

  private static boolean asks(JavaClass type) {
    return Set.of(
                "java.lang.Thread",
                "java.lang.ThreadLocal",
                "java.lang.Process",
                "java.lang.ProcessBuilder",
                "java.lang.Runtime",
                "java.time.Clock",
                "java.time.InstantSource",
                "java.util.Random",
                "java.util.SplittableRandom",
                "java.security.SecureRandom")
            .contains(type.getName())
        || type.getName().startsWith("java.lang.System$Logger");
  }

  private static boolean asksForTime(JavaCodeUnitAccess<? extends AccessTarget> call) {
    JavaClass owner = call.getTargetOwner();
    return (owner.getPackageName().equals("java.time") && call.getName().equals("now"))
        || (owner.isEquivalentTo(System.class)
            && Set.of("nanoTime", "currentTimeMillis").contains(call.getName()));
  }

  private static boolean copiesWithoutOrder(JavaCodeUnitAccess<? extends AccessTarget> call) {
    return (call.getTargetOwner().isEquivalentTo(Set.class)
            || call.getTargetOwner().isEquivalentTo(java.util.Map.class))
        && List.of("of", "copyOf", "ofEntries").contains(call.getName());
  }
}
