package fleet.api.service;

import fleet.api.MetadataOperation;
import fleet.api.message.Response;
import fleet.api.service.OptimisticRetry.Ending;
import fleet.cluster.MachineId;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Stored;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Carries out what clients want of machines.
///
/// Metadata are laid over what the machines say of themselves, whether they are there or not. Of a
/// machine that is not there something must be known: that units are assigned to it, or that
/// metadata were set before. Else a name with a typing error would make a record that nobody ever
/// reads and nobody removes.
///
/// Silent machines are evicted on behalf of operators, so that their units run elsewhere although
/// evictions are paused. fleet v1 knew no pause.
final class MachineWriter {

  private static final Pattern PATH = Pattern.compile("/([^/]+)/metadata/([A-Za-z0-9_.-]+)");

  /// A value to lay over that of a machine; an empty one hides it.
  private record Change(MachineId machine, String key, String value) {}

  private final Registry registry;
  private final OptimisticRetry retry;
  private final ClusterViews views;

  MachineWriter(Registry registry, OptimisticRetry retry, ClusterViews views) {
    this.registry = registry;
    this.retry = retry;
    this.views = views;
  }

  /// Checks all operations, then applies them in order. One machine's are applied at once; after a
  /// failure those of earlier machines stay, as in fleet v1.
  Response patch(List<MetadataOperation> operations) throws InterruptedException {
    var byMachine = new ArrayList<List<Change>>();
    for (MetadataOperation operation : operations) {
      switch (change(operation)) {
        case Malformed<Change>(var reason) -> {
          return Response.error(400, reason);
        }
        case Ok<Change>(var change) -> {
          if (byMachine.isEmpty()
              || !byMachine.getLast().getFirst().machine().equals(change.machine())) {
            byMachine.add(new ArrayList<>());
          }
          byMachine.getLast().add(change);
        }
      }
    }
    for (List<Change> changes : byMachine) {
      MachineId machine = changes.getFirst().machine();
      if (!isKnown(machine)) {
        return Response.error(
            404,
            "no machine \""
                + shown(machine.text())
                + "\" is known: expected the whole ID of one that is present, that units are"
                + " assigned to, or that metadata were set for before");
      }
    }
    for (List<Change> changes : byMachine) {
      Response response = apply(changes.getFirst().machine(), changes);
      if (response.status() != 204) {
        return response;
      }
    }
    return Response.done(204).asJson();
  }

  private boolean isKnown(MachineId machine) throws InterruptedException {
    return registry.announced(machine).isPresent()
        || registry.overlay(machine).isPresent()
        || views.now().silentIds().contains(machine)
        || views.now().isEvicted(machine);
  }

  private static Parsed<Change> change(MetadataOperation operation) {
    boolean removes = operation.op().equals("remove");
    if (!removes && !operation.op().equals("add") && !operation.op().equals("replace")) {
      return new Malformed<>("invalid op: expect add, remove, or replace");
    }
    Matcher path = PATH.matcher(operation.path());
    if (!path.matches()) {
      return new Malformed<>("machine metadata path invalid");
    }
    if (!removes && operation.value().isEmpty()) {
      return new Malformed<>("invalid value: add and replace require a value");
    }
    if (operation.value().codePoints().anyMatch(Character::isISOControl)) {
      return new Malformed<>(
          "invalid value: expected no control characters, found \""
              + shown(operation.value())
              + "\"");
    }
    return new Ok<>(
        new Change(new MachineId(path.group(1)), path.group(2), removes ? "" : operation.value()));
  }

  /// In one line that does nothing to a terminal.
  private static String shown(String text) {
    var shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                shown.append("\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  private Response apply(MachineId machine, List<Change> changes) throws InterruptedException {
    return retry.run(
        "the metadata of machine " + machine,
        lost -> {
          Optional<Stored<SortedMap<String, String>>> stored = registry.overlay(machine);
          var overlay = new TreeMap<>(stored.map(Stored::value).orElseGet(TreeMap::new));
          for (Change change : changes) {
            overlay.put(change.key(), change.value());
          }
          long revision = stored.map(Stored::revision).orElse(0L);
          if (stored.isPresent() && stored.get().value().equals(overlay)) {
            return new Ending.Done(Response.done(204), revision);
          }
          return lost.isPresent() && lost.getAsLong() != revision
              ? new Ending.Doubtful()
              : new Ending.Committed(
                  registry.overlay(machine, overlay, revision), Response.done(204), revision);
        });
  }

  /// Evicts a machine. Refuses one that is there, and one that has nothing to lose. One that is
  /// evicted already is so still.
  Response evict(MachineId machine) throws InterruptedException {
    return retry.run(
        "machine " + machine,
        _ -> {
          if (registry.announced(machine).isPresent()) {
            return Ending.refused(
                409, "machine %s is present: only a silent one can be evicted".formatted(machine));
          }
          ClusterView view = views.now();
          if (view.isEvicted(machine)) {
            return new Ending.Done(Response.done(204), view.revision());
          }
          if (!view.silentIds().contains(machine)) {
            return Ending.refused(404, "no machine %s is silent".formatted(machine));
          }
          return new Ending.Committed(registry.evict(machine), Response.done(204), 0);
        });
  }
}
