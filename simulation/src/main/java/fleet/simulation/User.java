package fleet.simulation;

import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.DesiredUnit;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Registry.Stored;
import fleet.testing.history.Operation;
import fleet.testing.history.UnitModel.Act;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Somebody who submits, starts, stops, replaces and destroys units, through the API of any machine
/// that answers, and remembers what was promised. Units have one user each.
final class User {

  private static final List<TargetState> TARGETS = List.of(TargetState.values());

  /// What is taken off a machine twice, as if the first time were the second.
  private static final List<TargetState> TO_AND_FRO =
      List.of(TargetState.INACTIVE, TargetState.LAUNCHED, TargetState.INACTIVE);

  private static final int CROWD = 4;

  /// Before something that did not work is tried again.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// For what fails wherever it goes: long enough to have failed on several machines.
  private static final Duration TRIAL = Duration.ofMinutes(8);

  /// As long as it takes at most to think better of it.
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private static final String SHARED = "/fleet/v1/units/shared.service";

  /// What may be true of a unit: absent, or in a text and so far along.
  record Wish(Optional<UnitHash> file, TargetState target) {
    static final Wish ABSENT = new Wish(Optional.empty(), TargetState.INACTIVE);
  }

  private final World world;
  private final SortedMap<String, Set<Wish>> beliefs = new TreeMap<>();

  /// Units about which a request has not been answered. Each has its own turn.
  private final Set<String> waiting = new HashSet<>();

  private boolean resting;

  User(World world, int number) {
    this.world = world;
    for (String unit :
        List.of("plain@1", "plain@2", "apart@1", "free", "everywhere", "only", "away", "fails")) {
      int at = unit.indexOf('@');
      String name =
          at < 0 ? unit + number : unit.substring(0, at + 1) + number + unit.substring(at + 1);
      beliefs.put(name + ".service", Set.of(Wish.ABSENT));
    }
  }

  /// The units that are this user's.
  List<UnitName.Placeable> units() {
    return beliefs.keySet().stream()
        .map(unit -> (UnitName.Placeable) UnitName.parse(unit).orElseThrow())
        .toList();
  }

  private RandomGenerator random() {
    return world.environment.random();
  }

  /// Wants one thing after another.
  void live() throws InterruptedException {
    while (true) {
      Duration pause = world.climate().betweenWishes();
      world.environment.sleep(Duration.ofMillis(random().nextLong(2 * pause.toMillis())));
      if (resting) {
        continue;
      }
      if (random().nextInt(20) == 0) {
        crowd();
      } else {
        String unit = List.copyOf(beliefs.keySet()).get(random().nextInt(beliefs.size()));
        if (waiting.add(unit)) {
          world.environment.fork(
              "wish",
              () -> {
                want(unit);
                while (isFickle(unit) && random().nextBoolean()) {
                  changeMind(unit);
                }
                giveUpInTime(unit);
                waiting.remove(unit);
              });
        }
      }
    }
  }

  /// Wants nothing any more, but that the units run that must not run where they are cut off, and
  /// for a while that what fails everywhere is tried.
  void rest() {
    resting = true;
    for (String unit : beliefs.keySet()) {
      if (unit.startsWith("only") || unit.startsWith("away")) {
        world.environment.fork("last wish", () -> insist(unit));
      } else if (unit.startsWith("fails")) {
        world.environment.fork("last trial", () -> tryInVain(unit));
      }
    }
  }

  private void tryInVain(String unit) throws InterruptedException {
    insist(unit);
    world.referee.odysseys.begin(unit);
    world.environment.sleep(TRIAL);
    world.referee.odysseys.end(unit).ifPresent(world.referee::accuse);
    while (!target(unit, TargetState.INACTIVE)) {
      world.environment.sleep(PATIENCE);
    }
  }

  private void insist(String unit) throws InterruptedException {
    while (!waiting.add(unit)) {
      world.environment.sleep(PATIENCE);
    }
    String file =
        unit.startsWith("only") ? UnitTexts.exclusive(random()) : UnitTexts.any(unit, random());
    while (!put(unit, file)) {
      world.environment.sleep(PATIENCE);
    }
  }

  private void want(String unit) throws InterruptedException {
    switch (random().nextInt(10)) {
      case 0 -> change(unit, "DELETE", "", Optional.of(Wish.ABSENT));
      case 1 -> {
        switch (random().nextInt(5)) {
          case 0 -> evict(world.anyMachine());
          case 1, 2 -> patch();
          default -> restartImpatiently(unit);
        }
      }
      case 2 -> {
        if (random().nextBoolean()) {
          restartImpatiently(unit);
        } else {
          target(unit, TargetState.LOADED);
        }
      }
      case 3 -> target(unit, TargetState.INACTIVE);
      case 4, 5 -> target(unit, TargetState.LAUNCHED);
      default -> {
        String text =
            unit.startsWith("plain") ? UnitTexts.plain(random()) : UnitTexts.any(unit, random());
        put(unit, text);
      }
    }
  }

  /// Asks for a restart, and often for another when the machine is yet at the first.
  private void restartImpatiently(String unit) throws InterruptedException {
    restart(unit);
    while (random().nextBoolean()) {
      pause();
      restart(unit);
    }
  }

  private boolean isFickle(String unit) {
    return unit.startsWith("only") && world.climate().isAimed();
  }

  /// Wants something else while the machine is yet at what was wanted, or the same once more when
  /// that has hardly been undone.
  private void changeMind(String unit) throws InterruptedException {
    if (random().nextBoolean()) {
      for (TargetState target : TO_AND_FRO) {
        pause();
        if (!resting) {
          target(unit, target);
        }
      }
    } else {
      pause();
      if (!resting) {
        want(unit);
      }
    }
  }

  private void pause() throws InterruptedException {
    world.environment.sleep(Duration.ofMillis(random().nextLong(MOMENT.toMillis())));
  }

  /// Who seldom looks does not leave what fails wherever it goes to fail for hours.
  private void giveUpInTime(String unit) throws InterruptedException {
    if (!unit.startsWith("fails") || world.climate().betweenWishes().compareTo(TRIAL) < 0) {
      return;
    }
    Duration end = world.environment.uptime().plus(TRIAL);
    while (!resting && world.environment.uptime().compareTo(end) < 0) {
      world.environment.sleep(PATIENCE);
    }
    if (!resting) {
      target(unit, TargetState.INACTIVE);
    }
  }

  private boolean put(String unit, String text) throws InterruptedException {
    UnitFile file = UnitFile.parse(text).orElseThrow();
    return change(
        unit,
        "PUT",
        launched(file),
        Optional.of(new Wish(Optional.of(file.hash()), TargetState.LAUNCHED)));
  }

  private static String launched(UnitFile file) {
    return file.options().stream()
        .map(
            option ->
                "{\"section\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}"
                    .formatted(option.section(), option.name(), option.value()))
        .collect(Collectors.joining(",", "{\"desiredState\":\"launched\",\"options\":[", "]}"));
  }

  /// Has several people do something to the unit that all share, within a second.
  private void crowd() {
    for (int i = 0; i < CROWD; i++) {
      Duration pause = Duration.ofMillis(random().nextLong(1_000));
      world.environment.fork(
          "one of many",
          () -> {
            world.environment.sleep(pause);
            share();
          });
    }
  }

  private void share() throws InterruptedException {
    String file = UnitTexts.plain(random());
    TargetState target = TARGETS.get(random().nextInt(TARGETS.size()));
    long called = world.shared.tick();
    Optional<Response> response;
    Act<Wish, TargetState> act;
    switch (random().nextInt(6)) {
      case 0 -> {
        act = new Act.Destroy<>();
        response = ask("DELETE", SHARED, "");
      }
      case 1, 2 -> {
        UnitFile text = UnitFile.parse(file).orElseThrow();
        act = new Act.Put<>(new Wish(Optional.of(text.hash()), TargetState.LAUNCHED));
        response = ask("PUT", SHARED, launched(text));
      }
      default -> {
        act = new Act.Target<>(target);
        response = ask("PUT", SHARED, "{\"desiredState\":\"" + target.text() + "\"}");
      }
    }
    int status = response.map(Response::status).orElse(0);
    world.chronicle.note("user: " + act + ": " + status);
    long returned = world.shared.tick();
    if (status / 100 == 2) {
      world.shared.done(act, called, returned);
    } else if (isDoubtful(response)) {
      world.shared.done(act, called, Operation.NEVER);
    }
    String unit = SHARED.substring(SHARED.lastIndexOf('/') + 1);
    long asked = world.shared.tick();
    world.shared.done(new Act.Read<>(find(unit)), asked, world.shared.tick());
  }

  /// Whether something that was not acknowledged may have been done all the same.
  private static boolean isDoubtful(Optional<Response> response) {
    return response.isEmpty() || response.get().body().contains("may or may not have been made");
  }

  private boolean target(String unit, TargetState target) throws InterruptedException {
    String body = "{\"desiredState\":\"" + target.text() + "\"}";
    return change(unit, "PUT", body, Optional.empty(), target);
  }

  private void patch() throws InterruptedException {
    String machine = world.anyMachine().id.text();
    String operation =
        random().nextBoolean()
            ? "{\"op\":\"add\",\"path\":\"/%s/metadata/disk\",\"value\":\"ssd\"}"
            : "{\"op\":\"remove\",\"path\":\"/%s/metadata/disk\"}";
    var _ = ask("PATCH", "/fleet/v1/machines", "[" + operation.formatted(machine) + "]");
  }

  /// Gives a machine up, if it is silent.
  private void evict(SimulatedMachine machine) throws InterruptedException {
    int status = ask("POST", evictionOf(machine), "").map(Response::status).orElse(0);
    world.chronicle.note("user: evict " + machine + ": " + status);
  }

  /// What to post to for a machine to be evicted.
  static String evictionOf(SimulatedMachine machine) {
    return "/fleet/v1/machines/" + machine + "/evict";
  }

  void restart(String unit) throws InterruptedException {
    Duration since = world.environment.uptime();
    int status =
        ask("POST", "/fleet/v1/units/" + unit + "/restart", "").map(Response::status).orElse(0);
    if (status / 100 == 2) {
      world.referee.invocations.restarted(unit, since);
    }
    world.chronicle.note("user: restart " + unit + ": " + status);
  }

  private boolean change(String unit, String method, String body, Optional<Wish> wish)
      throws InterruptedException {
    return change(unit, method, body, wish, TargetState.LAUNCHED);
  }

  /// Asks for a change, and takes note of what may be true now.
  ///
  /// @param wish what the unit becomes; if empty, what it is already, but with that target
  /// @return whether it was acknowledged
  private boolean change(
      String unit, String method, String body, Optional<Wish> wish, TargetState target)
      throws InterruptedException {
    world.referee.invocations.changed(unit);
    Set<Wish> before = beliefs(unit);
    var after = new LinkedHashSet<Wish>();
    for (Wish was : before) {
      after.add(wish.orElseGet(() -> was.file().isEmpty() ? was : new Wish(was.file(), target)));
    }
    var either = new LinkedHashSet<>(before);
    either.addAll(after);
    beliefs.put(unit, either);
    Optional<Response> response = ask(method, "/fleet/v1/units/" + unit, body);
    int status = response.map(Response::status).orElse(0);
    world.chronicle.note("user: " + method + " " + unit + " " + target + ": " + status);
    if (status == 201 || status == 204) {
      after.removeIf(now -> wish.isEmpty() && now.equals(Wish.ABSENT));
      beliefs.put(unit, after);
      check(unit);
      return true;
    } else if (status >= 400 && status < 500) {
      // The answer to a repeated attempt may be a refusal although an earlier one was carried out.
      check(unit);
    }
    return false;
  }

  private Set<Wish> beliefs(String unit) {
    return beliefs.getOrDefault(unit, Set.of());
  }

  private Optional<Response> ask(String method, String target, String body)
      throws InterruptedException {
    return world
        .anyMachine()
        .ask(
            new Request(
                method, target, List.of(new Header("Content-Type", "application/json")), body));
  }

  /// That nothing is lost that was acknowledged, and nothing there that nobody asked for.
  void check(String unit) throws InterruptedException {
    Wish found = find(unit);
    if (!beliefs(unit).contains(found)) {
      world.referee.accuse(unit + " is " + found + ", which is none of " + beliefs(unit));
    }
    beliefs.put(unit, Set.of(found));
  }

  private Wish find(String unit) throws InterruptedException {
    return world
        .registry
        .unit(UnitName.parse(unit).orElseThrow())
        .map(Stored::value)
        .map(Parsed::orElseThrow)
        .map((DesiredUnit there) -> new Wish(Optional.of(there.file().hash()), there.target()))
        .orElse(Wish.ABSENT);
  }

  void checkAll() throws InterruptedException {
    for (String unit : List.copyOf(beliefs.keySet())) {
      check(unit);
    }
  }
}
