package fleet.chaos;

import fleet.chaos.Wish.Target;
import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.Shell.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/// People who have something done all the time, on one machine or another: by fleetctl, and with
/// some units by the client of fleet 1.0.
final class Users {

  private static final Duration LIMIT = Duration.ofSeconds(25);

  private final LocalCluster cluster;
  private final Random random;
  private final Supplier<SortedSet<String>> troubled;
  private final Wishes wishes = new Wishes();
  private final List<UserCommand> commands = new ArrayList<>();
  private final List<String> units = Population.busy();
  private int revision;

  /// @param troubled the nodes at which nobody gets an answer
  Users(LocalCluster cluster, long seed, Supplier<SortedSet<String>> troubled) {
    this.cluster = cluster;
    this.random = new Random(seed);
    this.troubled = troubled;
  }

  Wishes wishes() {
    return wishes;
  }

  List<UserCommand> commands() {
    return commands;
  }

  /// Starts what is left alone afterwards.
  void settle() throws InterruptedException {
    V1Client.install(cluster);
    Instant from = Instant.now();
    var calm = Population.calm();
    List<String> command = new ArrayList<>(List.of("start"));
    for (var unit : calm.entrySet()) {
      cluster.exec(LIMIT, unit.getValue(), "n1", "sh", "-c", "cat >/tmp/" + unit.getKey()).orFail();
      command.add("/tmp/" + unit.getKey());
    }
    cluster.fleetctl("n1", command.toArray(String[]::new)).orFail();
    calm.forEach(
        (unit, text) -> {
          commands.add(new UserCommand("start", unit, from, Instant.now(), true));
          var wish = new Wish(Target.LAUNCHED, Population.hash(text));
          wishes.acknowledged(unit, new TreeSet<>(List.of(wish)), Instant.now());
        });
  }

  /// Has it forgotten how often units have failed, so that none is tried only every few minutes.
  void beginAnew() throws InterruptedException {
    for (String unit : Population.breaking()) {
      Instant from = Instant.now();
      cluster.fleetctl("n1", "restart", unit).orFail();
      note("restart", unit, from, true);
    }
  }

  /// One command, which takes a second or, amid trouble, half a minute at most.
  void act() throws InterruptedException {
    String unit = units.get(random.nextInt(units.size()));
    if (unit.equals(Population.WITH_ROLE) && random.nextInt(3) == 0) {
      changeMetadata();
      return;
    }
    Wish before = wishes.likely(unit);
    if (Population.isOfV1(unit)) {
      actWithV1(unit, before);
    } else if (before.target() == Target.ABSENT) {
      String verb = pick("submit", "load", "start", "start", "start");
      bring(verb, unit, "");
    } else {
      String verb =
          pick("start", "start", "stop", "load", "unload", "restart", "replace", "destroy");
      switch (verb) {
        case "replace" -> bring("start", unit, "--replace");
        case "destroy" -> ask(verb, unit, Target.INACTIVE, Target.ABSENT);
        case "restart" -> {
          if (before.target() == Target.LAUNCHED) {
            ask(verb, unit, Target.LAUNCHED, Target.LAUNCHED);
          }
        }
        default -> ask(verb, unit, target(verb), target(verb));
      }
    }
  }

  /// The client of fleet 1.0 has no single request for any of this, so that it can be left
  /// half-way.
  private void actWithV1(String unit, Wish before) throws InterruptedException {
    String verb =
        before.target() == Target.LAUNCHED
            ? pick("restart", "restart", "restart", "replace", "stop")
            : pick("start", "start", "replace");
    boolean brings = verb.equals("start") || verb.equals("replace");
    String text = brings ? Population.busy(unit, ++revision) : "";
    var texts = new TreeSet<>(wishes.texts(unit));
    if (brings && (verb.equals("replace") || texts.isEmpty())) {
      texts.add(Population.hash(text));
    }
    var halfDone = new TreeSet<>(wishes.of(unit));
    for (String each : texts) {
      for (Target target : List.of(Target.INACTIVE, Target.LOADED, Target.LAUNCHED)) {
        halfDone.add(new Wish(target, each));
      }
    }
    var done = new TreeSet<Wish>();
    Target reached = verb.equals("stop") ? Target.LOADED : Target.LAUNCHED;
    for (String each : verb.equals("replace") ? List.of(Population.hash(text)) : texts) {
      done.add(new Wish(reached, each));
    }
    Instant from = Instant.now();
    Output output =
        cluster.exec(
            LIMIT,
            brings ? V1Client.options(text) : "",
            console(),
            V1Client.command(verb, unit).toArray(String[]::new));
    take("v1 " + verb, unit, from, output, done, halfDone);
  }

  private String pick(String... words) {
    return words[random.nextInt(words.length)];
  }

  private static Target target(String verb) {
    return switch (verb) {
      case "start" -> Target.LAUNCHED;
      case "load", "stop" -> Target.LOADED;
      case "submit", "unload" -> Target.INACTIVE;
      default -> throw new AssertionError(verb);
    };
  }

  /// Sends a text too, which counts if the unit is not there or is to be replaced.
  private void bring(String verb, String unit, String option) throws InterruptedException {
    String text = Population.busy(unit, ++revision);
    String hash = Population.hash(text);
    boolean replaces = option.equals("--replace");
    var done = new TreeSet<Wish>(List.of(new Wish(target(verb), hash)));
    var halfDone = new TreeSet<Wish>();
    for (Target target : List.of(Target.INACTIVE, Target.LOADED, Target.LAUNCHED)) {
      halfDone.add(new Wish(target, hash));
      if (replaces) {
        wishes.texts(unit).forEach(old -> halfDone.add(new Wish(target, old)));
      }
    }
    if (replaces) {
      halfDone.add(Wish.NONE);
    } else {
      wishes.texts(unit).forEach(old -> done.add(new Wish(target(verb), old)));
    }
    halfDone.addAll(done);
    var words = new ArrayList<>(List.of(verb, "/tmp/" + unit));
    if (replaces) {
      words.add(option);
    }
    send(verb + option, unit, text, words, done, halfDone);
  }

  private void ask(String verb, String unit, Target between, Target target)
      throws InterruptedException {
    var done = new TreeSet<Wish>();
    var halfDone = new TreeSet<Wish>();
    for (String text : wishes.texts(unit)) {
      halfDone.add(new Wish(between, text));
      done.add(target == Target.ABSENT ? Wish.NONE : new Wish(target, text));
    }
    // Little is said of a unit that is not there.
    if (wishes.of(unit).contains(Wish.NONE)) {
      done.add(Wish.NONE);
    }
    halfDone.addAll(done);
    send(verb, unit, "", new ArrayList<>(List.of(verb, unit)), done, halfDone);
  }

  /// @param done one of these is so if it is acknowledged
  /// @param halfDone one of these may be so, or may yet be, if it is not
  private void send(
      String verb,
      String unit,
      String text,
      List<String> words,
      SortedSet<Wish> done,
      SortedSet<Wish> halfDone)
      throws InterruptedException {
    if (!words.getFirst().equals("submit")) {
      words.add(random.nextInt(5) == 0 ? "--timeout=10s" : "--no-block");
    }
    var command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "cat >/tmp/chaos && { [ ! -s /tmp/chaos ] || mv /tmp/chaos \"/tmp/$0\"; }"
                    + " && exec timeout 15 fleetctl --request-timeout=5 \"$@\"",
                unit));
    command.addAll(words);
    Instant from = Instant.now();
    Output output = cluster.exec(LIMIT, text, console(), command.toArray(String[]::new));
    take(verb, unit, from, output, done, halfDone);
  }

  private void take(
      String verb,
      String unit,
      Instant from,
      Output output,
      SortedSet<Wish> done,
      SortedSet<Wish> halfDone) {
    boolean acknowledged = output.status() == 0;
    note(verb, unit, from, acknowledged);
    if (acknowledged) {
      wishes.acknowledged(unit, done, Instant.now());
    } else {
      wishes.unanswered(unit, halfDone, Instant.now());
    }
  }

  private void note(String verb, String unit, Instant from, boolean acknowledged) {
    commands.add(new UserCommand(verb, unit, from, Instant.now(), acknowledged));
  }

  /// Mostly where there is somebody to answer.
  private String console() {
    List<String> nodes = new ArrayList<>(cluster.nodes());
    var troubled = this.troubled.get();
    if (random.nextInt(8) != 0 && !troubled.containsAll(nodes)) {
      nodes.removeAll(troubled);
    }
    return nodes.get(random.nextInt(nodes.size()));
  }

  /// Which machines have the role is looked up when all has settled.
  private void changeMetadata() throws InterruptedException {
    String node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    String path = "/" + cluster.machineId(node) + "/metadata/role";
    String body =
        random.nextInt(3) == 0
            ? "[{\"op\":\"remove\",\"path\":\"" + path + "\"}]"
            : "[{\"op\":\"add\",\"path\":\"" + path + "\",\"value\":\"" + Population.ROLE + "\"}]";
    Instant from = Instant.now();
    Output output =
        cluster.exec(
            LIMIT,
            body,
            console(),
            "curl",
            "-sSf",
            "-m",
            "10",
            "--unix-socket",
            "/run/fleet.sock",
            "-X",
            "PATCH",
            "--data-binary",
            "@-",
            "http://fleet/fleet/v1/machines");
    note("metadata", Population.WITH_ROLE, from, output.status() == 0);
  }
}
