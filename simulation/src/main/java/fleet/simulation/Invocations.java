package fleet.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Order;
import fleet.cluster.Outcome.Result;
import fleet.cluster.UnitState;
import fleet.cluster.store.Store.Change;
import fleet.unit.UnitName;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Knows what has been run anew, and what should have been: a restart that was acknowledged has its
/// new invocation on every machine that runs the unit.
///
/// Nothing is asked of one after which the user wanted something else; nor of one that its machine
/// says it has not carried out.
final class Invocations {

  /// So long after its disk was full a machine may go by notes from before. What it finds running
  /// then counts as restarted.
  private static final Duration FORGETFUL = Duration.ofMinutes(15);

  private static final ObjectMapper JSON = new ObjectMapper();

  /// When each unit was last asked to be restarted, if nothing else has been wanted since.
  private final Map<String, Duration> asked = new TreeMap<>();

  /// When what runs of each unit began, by machine and unit.
  private final Map<String, Duration> begun = new TreeMap<>();

  private final World world;

  /// When each restart came to be in the store, by unit and the order's identity.
  private final Map<String, Duration> ordered = new TreeMap<>();

  /// What machines have said to be done, by machine, unit and the order's identity.
  private final Set<String> said = new TreeSet<>();

  /// When a machine's disk was last full.
  private final Map<String, Duration> full = new TreeMap<>();

  Invocations(World world) {
    this.world = world;
  }

  /// Something in the store has changed: a machine may say of a restart that it was carried out
  /// only if the unit has begun to run there since it was asked for.
  void changed(Change change) {
    if (!(change instanceof Change.Put(var key, var entry))
        || !entry.value().contains("\"restart\"")) {
      return;
    }
    String[] path = key.split("/");
    if (path[2].equals("units")) {
      restarts(entry.value(), "given")
          .forEach(order -> ordered.putIfAbsent(path[3] + id(order), world.environment.uptime()));
    } else if (path[2].equals("states")) {
      for (JsonNode outcome : restarts(entry.value(), "outcomes")) {
        if (hasRun(Result.of(outcome.path("result").asText()).orElseThrow())
            && said.add(path[3] + "/" + path[4] + id(outcome))) {
          mustHaveBegun(world.machine(path[3]), path[4], outcome);
        }
      }
    }
  }

  private static String id(JsonNode order) {
    return " " + order.path("id").asText();
  }

  private static List<JsonNode> restarts(String text, String field) {
    try {
      var found = new ArrayList<JsonNode>();
      for (JsonNode each : JSON.readTree(text).path(field)) {
        if (each.path("kind").asText().equals(Order.Kind.RESTART.text())) {
          found.add(each);
        }
      }
      return found;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mustHaveBegun(SimulatedMachine machine, String unit, JsonNode outcome) {
    Duration since = ordered.getOrDefault(unit + id(outcome), Duration.ZERO);
    var name = (UnitName.Placeable) UnitName.parse(unit).orElseThrow();
    Duration began = begun.getOrDefault(key(machine, name), Duration.ZERO);
    if (began.compareTo(since) < 0 && !isForgetful(machine, since) && !machine.own.lately(name)) {
      world.referee.accuse(
          "%s says that it has restarted %s, asked for at %s, which runs since %s: %s"
              .formatted(machine, unit, since, began, outcome));
    }
  }

  /// A restart has been acknowledged.
  ///
  /// @param since when it was asked for
  void restarted(String unit, Duration since) {
    asked.put(unit, since);
  }

  /// Something else is wanted of a unit.
  void changed(String unit) {
    asked.remove(unit);
  }

  /// A unit begins to run.
  void begins(SimulatedMachine machine, UnitName.Placeable unit, Duration now) {
    begun.put(key(machine, unit), now);
  }

  /// A machine's disk is full, or is so no more.
  void forgets(SimulatedMachine machine, Duration now) {
    full.put(machine.id.text(), now);
  }

  private static String key(SimulatedMachine machine, UnitName.Placeable unit) {
    return machine + "/" + unit;
  }

  /// What is wrong on a machine; empty if nothing is.
  Optional<String> violation(SimulatedMachine machine, ClusterSnapshot cluster) {
    for (UnitName.Placeable unit : machine.running()) {
      Duration since = asked.get(unit.text());
      Duration began = begun.getOrDefault(key(machine, unit), Duration.ZERO);
      if (since != null && began.compareTo(since) < 0 && !isExcused(machine, unit, cluster)) {
        return Optional.of(
            "%s was to be restarted at %s, and runs on %s since %s"
                .formatted(unit, since, machine, began));
      }
    }
    return Optional.empty();
  }

  private boolean isExcused(
      SimulatedMachine machine, UnitName.Placeable unit, ClusterSnapshot cluster) {
    Duration since = asked.getOrDefault(unit.text(), Duration.ZERO);
    return isForgetful(machine, since)
        || machine.own.since(unit).isPresent()
        || Optional.ofNullable(cluster.states().get(machine.id))
            .map(states -> states.get(unit))
            .filter(Invocations::saysItWasNot)
            .isPresent();
  }

  private boolean isForgetful(SimulatedMachine machine, Duration since) {
    Duration trouble = full.get(machine.id.text());
    return trouble != null && trouble.plus(FORGETFUL).compareTo(since) > 0;
  }

  /// Whether the last that a machine says of a restart is that it was not carried out.
  private static boolean saysItWasNot(UnitState state) {
    return state.outcomes().reversed().stream()
        .filter(outcome -> outcome.order().kind() == Order.Kind.RESTART)
        .findFirst()
        .filter(outcome -> !hasRun(outcome.result()))
        .isPresent();
  }

  /// Whether a machine that says so has run the unit anew. One that is uncertain has, or an agent
  /// before it: only of what it could not note may nothing have come.
  private static boolean hasRun(Result result) {
    return result == Result.DONE || result == Result.UNCERTAIN;
  }
}
