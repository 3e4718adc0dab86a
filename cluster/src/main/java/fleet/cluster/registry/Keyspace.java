package fleet.cluster.registry;

import fleet.cluster.MachineId;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.util.Optional;

/// Every key that fleet uses, in one place.
///
/// | key under the prefix | value | writer | life |
/// |---|---|---|---|
/// | `units/<name>` | contents, target state, restarts, orders | API | until destroyed |
/// | `machines/<id>` | address, metadata, version | that machine | its lease |
/// | `overlays/<id>` | metadata set through the API | API | until removed |
/// | `assignments/<id>/<unit>` | text, target, generation | leader, guarded | until unassigned |
/// | `states/<id>/<unit>` | load, active, sub, hash, result, log | that machine | its lease |
/// | `leader` | machine | engines | its lease |
/// | `explanations/<unit>` | why it is on no machine | leader, guarded | leader's lease |
/// | `reasons/<name>` | what explanations share | leader, guarded | leader's lease |
/// | `failures/<unit>` | where it has failed too often | leader, guarded | until it does well |
/// | `pause` | that too many machines are silent | leader, guarded | until they are not |
/// | `evicted/<id>` | why that machine is evicted | leader, API, itself | see below |
///
/// Reasons are named after their text, written before what refers to them, and removed when nothing
/// does any more.
///
/// A machine is evicted by the leader, under its guard, if it is silent; by an operator; or by
/// itself, as it leaves. That is forgotten when it is there again, or has no assignment any more.
/// An earlier fleet wrote `forsaken/<id>`: that is read and removed like the other, and never
/// written.
///
/// So the rights that an agent needs are few: it reads `assignments/<its id>/` and writes
/// `machines/<its id>`, `evicted/<its id>` and `states/<its id>/`.
public final class Keyspace {

  private final String prefix;

  /// @param prefix what all keys begin with, such as `/_coreos.com/fleet/`; a missing slash at the
  ///     end is added
  public Keyspace(String prefix) {
    this.prefix = prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /// What a key stands for.
  sealed interface Key {

    /// What a placement depends on.
    sealed interface Placement extends Key {}

    record Unit(UnitName name) implements Placement {}

    record OfMachine(MachineId machine) implements Placement {}

    record Overlay(MachineId machine) implements Placement {}

    record Assigned(MachineId machine, UnitName.Placeable unit) implements Placement {}

    record State(MachineId machine, UnitName.Placeable unit) implements Key {}

    /// A machine that is evicted, for as long as it is not there.
    ///
    /// @param former whether by the key of an earlier fleet
    record Evicted(MachineId machine, boolean former) implements Placement {}

    record Paused() implements Key {}

    record Failed(UnitName.Placeable unit) implements Key {}

    record Leader() implements Key {}

    record Explained(UnitName unit) implements Key {}

    record Shared(String reasons) implements Key {}
  }

  /// What all keys begin with, with a slash at the end.
  public String prefix() {
    return prefix;
  }

  String units() {
    return prefix + "units/";
  }

  String unit(UnitName name) {
    return units() + name.text();
  }

  String machine(MachineId machine) {
    return prefix + "machines/" + machine.text();
  }

  String overlay(MachineId machine) {
    return prefix + "overlays/" + machine.text();
  }

  String assignments(MachineId machine) {
    return prefix + "assignments/" + machine.text() + "/";
  }

  String assignment(MachineId machine, UnitName.Placeable unit) {
    return assignments(machine) + unit.text();
  }

  String states(MachineId machine) {
    return prefix + "states/" + machine.text() + "/";
  }

  String state(MachineId machine, UnitName.Placeable unit) {
    return states(machine) + unit.text();
  }

  String leader() {
    return prefix + "leader";
  }

  String explanation(UnitName unit) {
    return prefix + "explanations/" + unit.text();
  }

  String reasons(String name) {
    return prefix + "reasons/" + name;
  }

  String pause() {
    return prefix + "pause";
  }

  String failures(UnitName.Placeable unit) {
    return prefix + "failures/" + unit.text();
  }

  String evicted(MachineId machine) {
    return prefix + "evicted/" + machine.text();
  }

  /// The key of an eviction by an earlier fleet.
  String formerlyEvicted(MachineId machine) {
    return prefix + "forsaken/" + machine.text();
  }

  /// What `key` stands for; empty if it is none of ours.
  Optional<Key> parse(String key) {
    if (!key.startsWith(prefix)) {
      return Optional.empty();
    }
    String[] path = key.substring(prefix.length()).split("/", -1);
    return switch (path[0]) {
      case "units" -> path.length == 2 ? unitKey(path[1]) : Optional.empty();
      case "machines" ->
          path.length == 2 ? machineId(path[1]).map(Key.OfMachine::new) : Optional.empty();
      case "overlays" ->
          path.length == 2 ? machineId(path[1]).map(Key.Overlay::new) : Optional.empty();
      case "assignments" ->
          path.length == 3 && !path[1].isEmpty()
              ? placeable(path[2]).map(unit -> new Key.Assigned(new MachineId(path[1]), unit))
              : Optional.empty();
      case "states" ->
          path.length == 3 && !path[1].isEmpty()
              ? placeable(path[2]).map(unit -> new Key.State(new MachineId(path[1]), unit))
              : Optional.empty();
      case "leader" -> path.length == 1 ? Optional.of(new Key.Leader()) : Optional.empty();
      case "pause" -> path.length == 1 ? Optional.of(new Key.Paused()) : Optional.empty();
      case "failures" ->
          path.length == 2 ? placeable(path[1]).map(Key.Failed::new) : Optional.empty();
      case "evicted" -> path.length == 2 ? evictedKey(path[1], false) : Optional.empty();
      case "forsaken" -> path.length == 2 ? evictedKey(path[1], true) : Optional.empty();
      case "explanations" ->
          path.length == 2 ? name(path[1]).map(Key.Explained::new) : Optional.empty();
      case "reasons" ->
          path.length == 2 && !path[1].isEmpty()
              ? Optional.of(new Key.Shared(path[1]))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Key> unitKey(String text) {
    return name(text).map(Key.Unit::new);
  }

  private static Optional<Key> evictedKey(String text, boolean former) {
    return machineId(text).map(machine -> new Key.Evicted(machine, former));
  }

  private static Optional<MachineId> machineId(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(new MachineId(text));
  }

  private static Optional<UnitName> name(String text) {
    return switch (UnitName.parse(text)) {
      case Parsed.Ok<UnitName>(var name) -> Optional.of(name);
      case Parsed.Malformed<UnitName> _ -> Optional.empty();
    };
  }

  private static Optional<UnitName.Placeable> placeable(String text) {
    return name(text)
        .flatMap(
            name ->
                switch (name) {
                  case UnitName.Placeable placeable -> Optional.of(placeable);
                  case UnitName.Template _ -> Optional.empty();
                });
  }
}
