package fleet.cluster.registry;

import fleet.cluster.DesiredUnit;
import fleet.cluster.Leadership;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.registry.Batches.Conditional;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Op;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/// The cluster as it lies in the store: one method for each fact that somebody reads or writes.
///
/// All calls block, and throw [fleet.cluster.store.StoreException] as the [Store] does.
public final class Registry {

  private final Store store;
  private final Keyspace keys;
  private final Readings readings = new Readings();

  public Registry(Store store, Keyspace keys) {
    this.store = store;
    this.keys = keys;
  }

  /// Something in the store, and the revision of its last change, by which it can be replaced only
  /// if nobody else has changed it meanwhile.
  public record Stored<T>(T value, long revision) {}

  // What users want: written by the API.

  /// The unit of that name, or why its record cannot be understood; empty if there is none.
  public Optional<Stored<Parsed<DesiredUnit>>> unit(UnitName name) throws InterruptedException {
    return store
        .read(keys.unit(name))
        .map(entry -> new Stored<>(Codec.unit(name, entry.value()), entry.modRevision()));
  }

  /// Stores a unit that did not exist. Refused if it does.
  public Commit create(DesiredUnit unit) throws InterruptedException {
    String key = keys.unit(unit.name());
    return store.commit(List.of(new Compare.Absent(key)), List.of(put(key, unit)));
  }

  /// Stores a unit over the one read at `revision`. Refused if somebody has changed it since.
  public Commit replace(DesiredUnit unit, long revision) throws InterruptedException {
    String key = keys.unit(unit.name());
    return store.commit(
        List.of(new Compare.UnchangedSince(key, revision)), List.of(put(key, unit)));
  }

  private static Op put(String key, DesiredUnit unit) {
    return new Op.Put(key, Codec.text(unit), 0);
  }

  /// Forgets the unit read at `revision`. Refused if somebody has changed it since. The leader then
  /// takes it off its machines.
  public Commit destroy(UnitName name, long revision) throws InterruptedException {
    String key = keys.unit(name);
    return store.commit(
        List.of(new Compare.UnchangedSince(key, revision)),
        List.of(new Op.Delete(key), new Op.Delete(keys.explanation(name))));
  }

  /// Metadata set for a machine through the API, whether that machine is there or not; empty
  /// values hide what the machine itself says. An overlay that cannot be understood counts as none.
  public Optional<Stored<SortedMap<String, String>>> overlay(MachineId machine)
      throws InterruptedException {
    return store
        .read(keys.overlay(machine))
        .map(
            entry ->
                new Stored<>(
                    switch (Codec.overlay(entry.value())) {
                      case Parsed.Ok<SortedMap<String, String>>(var map) -> map;
                      case Parsed.Malformed<SortedMap<String, String>> _ -> new TreeMap<>();
                    },
                    entry.modRevision()));
  }

  /// Stores an overlay over the one read at `revision`, which is 0 if there was none. Refused if
  /// somebody has changed it since.
  public Commit overlay(MachineId machine, SortedMap<String, String> overlay, long revision)
      throws InterruptedException {
    String key = keys.overlay(machine);
    Compare unchanged =
        revision == 0 ? new Compare.Absent(key) : new Compare.UnchangedSince(key, revision);
    return store.commit(List.of(unchanged), List.of(new Op.Put(key, Codec.text(overlay), 0)));
  }

  /// Evicts a machine that is silent, on behalf of an operator: what it has goes elsewhere,
  /// however many are silent. Refused if the machine is there.
  public Commit evict(MachineId machine) throws InterruptedException {
    return store.commit(
        List.of(new Compare.Absent(keys.machine(machine))),
        List.of(new Op.Put(keys.evicted(machine), Codec.evicted("an operator said so"), 0)));
  }

  // What a machine says of itself: written by its agent.

  /// The machine's record and the lease it lives by; empty if the machine is not there.
  public Optional<Announced> announced(MachineId machine) throws InterruptedException {
    return store
        .read(keys.machine(machine))
        .map(entry -> new Announced(Codec.machine(machine, entry.value()), entry));
  }

  /// A machine's record as it lies in the store.
  ///
  /// @param machine the record, or why it cannot be understood
  public record Announced(Parsed<Machine> machine, Store.Entry entry) {
    /// The lease with which the record ends.
    public long lease() {
      return entry.lease();
    }
  }

  /// Makes the machine present for as long as `lease` lives, in place of what was `previous`ly
  /// announced. Refused if that has changed meanwhile. It is evicted no longer.
  public Commit announce(Machine machine, long lease, Optional<Announced> previous)
      throws InterruptedException {
    String key = keys.machine(machine.id());
    Compare unchanged =
        previous
            .<Compare>map(p -> new Compare.UnchangedSince(key, p.entry().modRevision()))
            .orElseGet(() -> new Compare.Absent(key));
    return store.commit(
        List.of(unchanged),
        List.of(
            new Op.Put(key, Codec.text(machine), lease),
            new Op.Delete(keys.evicted(machine.id())),
            new Op.Delete(keys.formerlyEvicted(machine.id()))));
  }

  /// Withdraws the machine's presence at once, rather than when its lease ends; what it says of its
  /// units stays. Nobody waits for it to come back: its units may run elsewhere when they have
  /// stopped. Refused if the `record` has changed meanwhile.
  public Commit withdraw(MachineId machine, Announced record) throws InterruptedException {
    String key = keys.machine(machine);
    return store.commit(
        List.of(new Compare.UnchangedSince(key, record.entry().modRevision())),
        List.of(
            new Op.Delete(key),
            new Op.Put(keys.evicted(machine), Codec.evicted("it has left"), 0)));
  }

  /// Publishes the states of some units of a machine and takes back those of others. More than one
  /// transaction if there are many: what was published before a failure stays.
  public Commit publish(
      MachineId machine,
      SortedMap<UnitName.Placeable, UnitState> changed,
      SortedSet<UnitName.Placeable> gone,
      long lease)
      throws InterruptedException {
    List<Op> ops = new ArrayList<>();
    changed.forEach(
        (unit, state) -> ops.add(new Op.Put(keys.state(machine, unit), Codec.text(state), lease)));
    gone.forEach(unit -> ops.add(new Op.Delete(keys.state(machine, unit))));
    return inBatches(List.of(), ops.stream().map(Conditional::always).toList());
  }

  // What the leader decides.

  /// Whether a unit is assigned to a machine.
  public boolean isAssigned(MachineId machine, UnitName.Placeable unit)
      throws InterruptedException {
    return store.read(keys.assignment(machine, unit)).isPresent();
  }

  /// Tries to become leader for as long as `lease` lives.
  ///
  /// @return the new term, or empty if somebody else leads, or if it is not known who does
  public Optional<Leadership> campaign(MachineId candidate, long lease)
      throws InterruptedException {
    String key = keys.leader();
    store.commit(
        List.of(new Compare.Absent(key)), List.of(new Op.Put(key, Codec.leader(candidate), lease)));
    return store
        .read(key)
        .filter(entry -> entry.lease() == lease)
        .map(
            entry ->
                new Leadership(
                    candidate,
                    entry.createRevision(),
                    List.of(new Compare.CreatedAt(key, entry.createRevision()))));
  }

  /// Ends a term early, so that the next leader need not wait for the lease to expire.
  public Commit resign(Leadership term) throws InterruptedException {
    return store.commit(term.guard(), List.of(new Op.Delete(keys.leader())));
  }

  /// Writes decisions in order, provided that `term` still leads, and that machines that were given
  /// up are still gone. More than one transaction if there are many: what was written before a
  /// refusal stays.
  ///
  /// @param lease of the leader, with which explanations and their reasons end
  public Commit commit(Leadership term, List<Decision> decisions, long lease)
      throws InterruptedException {
    List<Conditional> changes = new ArrayList<>();
    for (Decision decision : decisions) {
      changes.add(
          switch (decision) {
            case Decision.Assign(var machine, var assignment) ->
                Conditional.always(
                    new Op.Put(
                        keys.assignment(machine, assignment.unit()), Codec.text(assignment), 0));
            case Decision.Withhold(var machine, var assignment, var machineGone) ->
                unlessBack(
                    new Op.Put(
                        keys.assignment(machine, assignment.unit()),
                        Codec.text(assignment.withhold()),
                        0),
                    machine,
                    machineGone);
            case Decision.Unassign(var machine, var unit, var machineGone) ->
                unlessBack(new Op.Delete(keys.assignment(machine, unit)), machine, machineGone);
            case Decision.Explain(var unit, var explanation) ->
                Conditional.always(
                    new Op.Put(keys.explanation(unit), Codec.text(explanation), lease));
            case Decision.ExplainBy(var unit, var summary, var reasons) ->
                Conditional.always(
                    new Op.Put(keys.explanation(unit), Codec.text(summary, reasons), lease));
            case Decision.Share(var reasons) ->
                Conditional.always(new Op.Put(keys.reasons(reasons.name()), reasons.text(), lease));
            case Decision.Unshare(var reasons) ->
                Conditional.always(new Op.Delete(keys.reasons(reasons)));
            case Decision.Unexplain(var unit) ->
                Conditional.always(new Op.Delete(keys.explanation(unit)));
            case Decision.Evict(var machine) ->
                new Conditional(
                    new Op.Put(keys.evicted(machine), Codec.evicted("it was silent"), 0),
                    List.of(new Compare.Absent(keys.machine(machine))));
            case Decision.ForgetEviction(var machine) -> {
              changes.add(Conditional.always(new Op.Delete(keys.formerlyEvicted(machine))));
              yield Conditional.always(new Op.Delete(keys.evicted(machine)));
            }
            case Decision.Failed(var unit, var failures) ->
                Conditional.always(
                    failures
                        .<Op>map(now -> new Op.Put(keys.failures(unit), Codec.text(now), 0))
                        .orElseGet(() -> new Op.Delete(keys.failures(unit))));
            case Decision.Pausing(var pause) ->
                Conditional.always(
                    pause
                        .<Op>map(now -> new Op.Put(keys.pause(), Codec.text(now), 0))
                        .orElseGet(() -> new Op.Delete(keys.pause())));
          });
    }
    return inBatches(term.guard(), changes);
  }

  /// Whether the machine whose record lives by that lease has not been heard of in good time: it
  /// renews its lease four times in its time to live, and less than half of that is left.
  public boolean isOverdue(long lease) throws InterruptedException {
    // What is left is rounded down to whole seconds.
    return store
        .life(lease)
        .map(life -> life.left().plusSeconds(1).multipliedBy(2).compareTo(life.ttl()) <= 0)
        .orElse(true);
  }

  private Conditional unlessBack(Op op, MachineId machine, boolean machineGone) {
    return machineGone
        ? new Conditional(op, List.of(new Compare.Absent(keys.machine(machine))))
        : Conditional.always(op);
  }

  /// Whether `term` still leads; false if there is no answer, too.
  public boolean leads(Leadership term) throws InterruptedException {
    return store.commit(term.guard(), List.of()) instanceof Commit.Applied;
  }

  private Commit inBatches(List<Compare> guard, List<Conditional> changes)
      throws InterruptedException {
    Commit last = new Commit.Applied(0);
    for (Batches.Batch batch : Batches.of(guard, changes)) {
      last = store.commit(batch.when(), batch.then());
      if (!(last instanceof Commit.Applied)) {
        return last;
      }
    }
    return last;
  }

  // Views that follow the store.

  /// Follows the whole cluster. Raises `changed` when there is something new.
  ///
  /// @throws fleet.cluster.store.StoreException.Unavailable if the store does not answer
  public ClusterMirror mirror(Signal changed) throws InterruptedException {
    return new ClusterMirror(new Mirror(store, keys.prefix(), changed), keys, readings);
  }

  /// Follows what one machine should run. Raises `changed` when there is something new.
  ///
  /// @throws fleet.cluster.store.StoreException.Unavailable if the store does not answer
  public AssignmentMirror assignments(MachineId machine, Signal changed)
      throws InterruptedException {
    return new AssignmentMirror(new Mirror(store, keys.assignments(machine), changed), keys);
  }

  /// Who leads, at one revision.
  public record CurrentLeader(Optional<MachineId> leader, long revision) {}

  /// Who leads now. A leader whose record cannot be understood leads all the same.
  public CurrentLeader currentLeader() throws InterruptedException {
    Store.Range range = store.range(keys.leader());
    return new CurrentLeader(
        Optional.ofNullable(range.entries().get(keys.leader()))
            .map(
                entry ->
                    switch (Codec.leader(entry.value())) {
                      case Parsed.Ok<MachineId>(var leader) -> leader;
                      case Parsed.Malformed<MachineId> _ -> new MachineId("unknown");
                    }),
        range.revision());
  }

  /// Whether somebody leads.
  public boolean hasLeader() throws InterruptedException {
    return store.read(keys.leader()).isPresent();
  }

  /// Watches the leader's key alone. Raises `changed` when somebody comes to lead or ceases to.
  public Store.Watch leader(long fromRevision, Signal changed) {
    return store.watch(keys.leader(), fromRevision, changed);
  }
}
