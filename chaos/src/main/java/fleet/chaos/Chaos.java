package fleet.chaos;

import fleet.testing.machines.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Does harm to a cluster of its own for a given time, while users are at work, and says whether
/// fleet has kept its promises. `local-cluster/chaos` starts it.
///
/// It goes in acts of some minutes. In each, faults of all kinds are drawn from the seed and
/// undone, several at once; then all is made whole, and what must be so at rest is looked up. What
/// must not have happened meanwhile is read from the machines' journals at the end.
public final class Chaos {

  /// All promises were kept.
  static final int KEPT = 0;

  /// At least one was not.
  static final int BROKEN = 1;

  /// Nothing was done: it was asked for something that it does not do.
  static final int REFUSED = 2;

  private static final Duration ACT = Duration.ofMinutes(4);

  /// Beyond a minute, after which an agent compares all it has anew, and the longest pause of an
  /// agent before it tries again.
  private static final Duration SETTLING = Duration.ofSeconds(150);

  private final LocalCluster cluster;
  private final ChaosOptions options;
  private final Storm storm;
  private final Users users;
  private final Observer observer;
  private final List<String> wrong = new ArrayList<>();
  private final List<Duration> settling = new ArrayList<>();

  private Chaos(Ours ours, ChaosOptions options) {
    this.cluster = ours.cluster();
    this.options = options;
    this.storm = new Storm(ours, options.seed());
    this.users = new Users(cluster, options.seed() + 1, storm::troubled);
    this.observer = new Observer(cluster);
  }

  /// @param arguments those of [ChaosOptions#USAGE]
  public static void main(String[] arguments) throws Exception {
    System.exit(run(List.of(arguments)));
  }

  /// @return the exit status
  static int run(List<String> arguments) throws Exception {
    try {
      var options = ChaosOptions.parse(arguments, System.getenv(), ProcessHandle.current().pid());
      return run(options);
    } catch (ChaosOptions.Wrong e) {
      System.err.println("chaos: " + e.getMessage() + "\n" + ChaosOptions.USAGE);
      return REFUSED;
    } catch (Ours.Refused e) {
      System.err.println("chaos: " + e.getMessage());
      return REFUSED;
    }
  }

  static int run(ChaosOptions options) throws Exception {
    System.out.println("chaos: " + options);
    try (var ours = Ours.create(options.name(), options.net(), options.nodes(), options.store())) {
      return new Chaos(ours, options).play(ours);
    }
  }

  private int play(Ours ours) throws Exception {
    OwnUnit.install(cluster);
    users.settle();
    settle();
    Instant begin = Instant.now();
    Instant end = begin.plus(options.time());
    while (Instant.now().isBefore(end)) {
      users.beginAnew();
      Instant curtain = Instant.now().plus(ACT);
      act(curtain.isBefore(end) ? curtain : end);
      settle();
      System.out.printf(
          "chaos: %d min, %d faults, %d commands, settled in %d s, %d wrong%n",
          Duration.between(begin, Instant.now()).toMinutes(),
          storm.troubles().size(),
          users.commands().size(),
          settling.getLast().toSeconds(),
          wrong.size());
    }
    var evidence =
        new Evidence(
            observer.runs(storm.troubles()),
            storm.troubles(),
            users.commands(),
            ours.storeHolder(),
            Population.traits());
    wrong.addAll(Promises.broken(evidence));
    System.out.println(
        new Tally(evidence, wrong, settling, storm.failed())
            .text(options, Duration.between(begin, Instant.now())));
    if (!wrong.isEmpty()) {
      keepJournals(evidence);
    }
    return wrong.isEmpty() ? KEPT : BROKEN;
  }

  /// Users work beside the storm, and end with it.
  private void act(Instant curtain) throws Exception {
    var over = new AtomicBoolean();
    var failure = new ArrayList<Throwable>();
    var work =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((_, e) -> failure.add(e))
            .start(
                () -> {
                  try {
                    while (!over.get()) {
                      users.act();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      storm.rage(curtain);
    } finally {
      over.set(true);
      work.join();
    }
    for (Throwable e : failure) {
      throw new AssertionError("users failed", e);
    }
  }

  /// Waits until nothing is wrong any more. What remains so is a broken promise.
  private void settle() throws InterruptedException {
    Instant begin = Instant.now();
    List<String> now;
    do {
      now = look();
    } while (!now.isEmpty() && Instant.now().isBefore(begin.plus(SETTLING)));
    settling.add(Duration.between(begin, Instant.now()));
    for (String one : now) {
      System.out.println("chaos: wrong: " + one);
    }
    wrong.addAll(now);
  }

  private List<String> look() throws InterruptedException {
    try {
      var survey = observer.survey();
      List<String> now = Rest.wrong(survey, users.wishes());
      if (now.isEmpty()) {
        for (String unit : users.wishes().units()) {
          users.wishes().found(unit, survey.listed().getOrDefault(unit, Wish.NONE));
        }
      }
      return now;
    } catch (AssertionError e) {
      Thread.sleep(500);
      return List.of("the cluster does not answer: " + e.getMessage());
    }
  }

  /// For whoever looks for the defect.
  private void keepJournals(Evidence evidence) throws IOException, InterruptedException {
    Path folder = Path.of("target", "chaos-" + options.seed());
    Files.createDirectories(folder);
    for (String node : cluster.nodes()) {
      Files.writeString(
          folder.resolve(node + ".log"), cluster.logs(node, List.of("-o", "short-iso-precise")));
    }
    var text = new StringBuilder();
    evidence.troubles().forEach(trouble -> text.append(trouble).append('\n'));
    evidence.commands().forEach(command -> text.append(command).append('\n'));
    Files.writeString(folder.resolve("history"), text.toString());
    System.out.println(
        "The machines' journals and what was done are in " + folder.toAbsolutePath());
  }
}
