package fleet.scheduler.uncertainty;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.scheduler.plan.EvictionGate;
import fleet.scheduler.plan.Plan;
import fleet.scheduler.plan.PlanningConditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a leader cannot be certain of: all that it has seen in its term, and when, as far as that
/// has a say in what is true of machines that are absent. A value: each look at the cluster makes
/// the next one ([#after]), and what is to be planned under follows from it ([#conditions]).
///
/// An absent machine is one of four. It may have had no time to report ([StoreContact]): then it is
/// *awaited*, and keeps what it has. Others that were silent together with it may just be coming
/// back: then it is awaited for one time to live. Many machines may have been cut off together, and
/// this is the first whose lease has ended: to find out, the leader asks the store how many present
/// machines are *overdue*. Or it is gone.
///
/// @param settings what it is to go by
/// @param machines which machines come and go
/// @param fences what is waited for on machines that are gone
/// @param relieved since when so few machines are silent that evictions need not wait any longer,
///     though they did; empty if they do, or did not
/// @param awaited absent machines that keep what they have
/// @param mustAskForOverdue whether [#conditions] have to be told how many machines are overdue
public record Uncertainty(
    Settings settings,
    MachineSightings machines,
    FenceTimers fences,
    Optional<Duration> relieved,
    SortedSet<MachineId> awaited,
    boolean mustAskForOverdue) {

  /// What a leader is to go by.
  ///
  /// @param machineTtl after which a machine that does not renew its lease is gone
  /// @param evictShare of all machines that may be silent at once before evictions wait, from 0 to
  ///     1
  public record Settings(Duration machineTtl, double evictShare) {}

  public Uncertainty {
    awaited = Collections.unmodifiableSortedSet(new TreeSet<>(awaited));
  }

  /// Of a leader whose term begins.
  public static Uncertainty begun(Settings settings) {
    return new Uncertainty(
        settings,
        MachineSightings.NONE,
        FenceTimers.NONE,
        Optional.empty(),
        Collections.emptySortedSet(),
        false);
  }

  /// The cluster has been seen like this.
  ///
  /// @param steady whether absent machines have had time to report ([StoreContact#isSteady])
  /// @param now by the time that nobody can set
  /// @param clock the time of day, for people to read
  public Uncertainty after(ClusterSnapshot cluster, boolean steady, Duration now, Instant clock) {
    var seen = machines.after(cluster, settings.machineTtl(), now);
    var waited = fences.after(cluster, now, clock);
    if (!steady) {
      return new Uncertainty(settings, seen, waited, relieved, absent(cluster), false);
    }
    var certain = new Uncertainty(settings, seen, waited, Optional.empty(), none(), false);
    if (cluster.silent().isEmpty()
        || EvictionGate.of(cluster, certain.conditions(0, now)).pause().isPresent()) {
      return certain;
    }
    // Machines may just be coming back that were silent together: the others have one time to live
    // to follow, as after an outage of the store.
    if (cluster.pause().map(before -> before.silent().size()).orElse(0) < 2) {
      return new Uncertainty(settings, seen, waited, Optional.empty(), none(), true);
    }
    Duration since = relieved.orElse(now);
    return now.minus(since).compareTo(settings.machineTtl()) < 0
        ? new Uncertainty(settings, seen, waited, Optional.of(since), cluster.silent(), false)
        : new Uncertainty(settings, seen, waited, Optional.of(since), none(), true);
  }

  private static SortedSet<MachineId> none() {
    return Collections.emptySortedSet();
  }

  /// Machines that units are assigned to and that do not report.
  private static SortedSet<MachineId> absent(ClusterSnapshot cluster) {
    var absent = new TreeSet<>(cluster.assignments().keySet());
    absent.removeAll(cluster.machines().keySet());
    return absent;
  }

  /// Whether a machine has come that was not there before.
  public boolean hasNewcomers(Uncertainty before) {
    return machines.hasNewcomers(before.machines);
  }

  /// What is to be planned under.
  ///
  /// @param overdue how many machines are there, and have not been heard of in good time; 0 unless
  ///     that had to be asked for
  public PlanningConditions conditions(int overdue, Duration now) {
    return new PlanningConditions(
        awaited,
        overdue,
        new TreeSet<>(machines.vanished().keySet()),
        fences.unfenced(now),
        settings.evictShare());
  }

  /// Whether evictions wait for machines that may be heard of again at once, without a change that
  /// anybody would be told of: it takes another look to know.
  public boolean isToBeLookedAtAgain(Plan plan, int overdue) {
    return plan.pause().isPresent() && (overdue > 0 || relieved.isPresent());
  }

  /// How long until a copy on a machine that is gone will have stopped for certain; empty if none
  /// is waited for.
  public Optional<Duration> untilNextFence(Duration now) {
    return fences.untilNext(now);
  }
}
