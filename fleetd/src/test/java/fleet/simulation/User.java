package fleet.simulation;

import fleet.api.service.Header;
import fleet.api.service.Request;
import fleet.api.service.Response;
import fleet.cluster.DesiredUnit;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Registry.Stored;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Somebody who submits, starts, stops, replaces and destroys units, through the API of any machine
/// that answers, and remembers what was promised. Units have one user each.
final class User {

  private static final List<String> FILES =
      List.of(
          "[Service]\nExecStart=/bin/run\n",
          "[Service]\nExecStart=/bin/run\nExecStop=/bin/sleep 3\n",
          "[Service]\nType=oneshot\nExecStart=/bin/true\nRemainAfterExit=yes\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nConflicts=apart@*.service\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nGlobal=true\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nMachineID=" + "b".repeat(32) + "\n",
          "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nMachineMetadata=disk=ssd\n");

  private static final String EXCLUSIVE = "\n[X-Fleet]\nExclusive=true\n";

  /// Of units that never run twice, however long they take to stop.
  private static final List<String> EXCLUSIVE_FILES =
      List.of(
          "[Service]\nExecStart=/bin/run\n" + EXCLUSIVE,
          "[Service]\nExecStart=/bin/run\nExecStop=/bin/sleep 8\n" + EXCLUSIVE,
          "[Service]\nExecStart=/bin/run\nExecStop=/bin/sleep 60\nTimeoutStopSec=2\n" + EXCLUSIVE,
          "[Service]\nExecStart=/bin/run\n" + EXCLUSIVE + "MachineMetadata=disk=ssd\n");

  private static final String STOPPING =
      "[Service]\nExecStart=/bin/run\n\n[X-Fleet]\nDisconnect=stop\n";

  /// What may be true of a unit: absent, or in a text and so far along.
  record Wish(Optional<UnitHash> file, TargetState target) {
    static final Wish ABSENT = new Wish(Optional.empty(), TargetState.INACTIVE);
  }

  private final World world;
  private final SortedMap<String, Set<Wish>> beliefs = new TreeMap<>();
  private boolean resting;

  User(World world, int number) {
    this.world = world;
    for (String unit :
        List.of("plain@1", "plain@2", "apart@1", "free", "everywhere", "only", "away")) {
      int at = unit.indexOf('@');
      String name =
          at < 0 ? unit + number : unit.substring(0, at + 1) + number + unit.substring(at + 1);
      beliefs.put(name + ".service", Set.of(Wish.ABSENT));
    }
  }

  private RandomGenerator random() {
    return world.environment.random();
  }

  /// Wants one thing after another.
  void live() throws InterruptedException {
    while (true) {
      Duration pause = world.climate().betweenWishes();
      world.environment.sleep(Duration.ofMillis(random().nextLong(2 * pause.toMillis())));
      if (!resting) {
        want(List.copyOf(beliefs.keySet()).get(random().nextInt(beliefs.size())));
      }
    }
  }

  /// Wants nothing any more.
  void rest() {
    resting = true;
  }

  private void want(String unit) throws InterruptedException {
    switch (random().nextInt(10)) {
      case 0 -> change(unit, "DELETE", "", Optional.of(Wish.ABSENT));
      case 1 -> {
        if (random().nextBoolean()) {
          patch();
        } else {
          restart(unit);
        }
      }
      case 2 -> target(unit, TargetState.LOADED);
      case 3 -> target(unit, TargetState.INACTIVE);
      case 4, 5 -> target(unit, TargetState.LAUNCHED);
      default -> {
        String text = unit.startsWith("plain") ? FILES.get(random().nextInt(2)) : anyFile(unit);
        UnitFile file = UnitFile.parse(text).orElseThrow();
        var body = new StringBuilder("{\"desiredState\":\"launched\",\"options\":[");
        String separator = "";
        for (var option : file.options()) {
          body.append(separator)
              .append(
                  "{\"section\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}"
                      .formatted(option.section(), option.name(), option.value()));
          separator = ",";
        }
        change(
            unit,
            "PUT",
            body.append("]}").toString(),
            Optional.of(new Wish(Optional.of(file.hash()), TargetState.LAUNCHED)));
      }
    }
  }

  private String anyFile(String unit) {
    if (unit.startsWith("only")) {
      return EXCLUSIVE_FILES.get(random().nextInt(EXCLUSIVE_FILES.size()));
    }
    if (unit.startsWith("away")) {
      return STOPPING;
    }
    return unit.startsWith("everywhere")
        ? FILES.get(4)
        : FILES.get(unit.startsWith("apart") ? 3 : random().nextInt(FILES.size()));
  }

  private void target(String unit, TargetState target) throws InterruptedException {
    String body = "{\"desiredState\":\"" + target.text() + "\"}";
    change(unit, "PUT", body, Optional.empty(), target);
  }

  private void patch() throws InterruptedException {
    String machine = world.anyMachine().id.text();
    String operation =
        random().nextBoolean()
            ? "{\"op\":\"add\",\"path\":\"/%s/metadata/disk\",\"value\":\"ssd\"}"
            : "{\"op\":\"remove\",\"path\":\"/%s/metadata/disk\"}";
    var _ = ask("PATCH", "/fleet/v1/machines", "[" + operation.formatted(machine) + "]");
  }

  private void restart(String unit) throws InterruptedException {
    int status =
        ask("POST", "/fleet/v1/units/" + unit + "/restart", "").map(Response::status).orElse(0);
    world.chronicle.note("user: restart " + unit + ": " + status);
  }

  private void change(String unit, String method, String body, Optional<Wish> wish)
      throws InterruptedException {
    change(unit, method, body, wish, TargetState.LAUNCHED);
  }

  /// Asks for a change, and takes note of what may be true now.
  ///
  /// @param wish what the unit becomes; if empty, what it is already, but with that target
  private void change(
      String unit, String method, String body, Optional<Wish> wish, TargetState target)
      throws InterruptedException {
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
    } else if (status >= 400 && status < 500) {
      // The answer to a repeated attempt may be a refusal although an earlier one was carried out.
      check(unit);
    }
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
    UnitName name = UnitName.parse(unit).orElseThrow();
    Wish found =
        world
            .registry
            .unit(name)
            .map(Stored::value)
            .map(Parsed::orElseThrow)
            .map((DesiredUnit there) -> new Wish(Optional.of(there.file().hash()), there.target()))
            .orElse(Wish.ABSENT);
    if (!beliefs(unit).contains(found)) {
      world.referee.accuse(unit + " is " + found + ", which is none of " + beliefs(unit));
    }
    beliefs.put(unit, Set.of(found));
  }

  void checkAll() throws InterruptedException {
    for (String unit : List.copyOf(beliefs.keySet())) {
      check(unit);
    }
  }
}
