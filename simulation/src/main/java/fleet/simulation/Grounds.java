package fleet.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/// What grounds a machine's agent has to stop units that it has started: what it was told of them.
final class Grounds {

  /// What it was last told.
  private final Map<String, String> assigned = new HashMap<>();

  /// When it was last told something new.
  private final Map<String, Duration> news = new HashMap<>();

  /// When it had last begun to look, before it started each unit.
  private final Map<String, Duration> started = new HashMap<>();

  private Duration looked = Duration.ZERO;
  private Duration lookedBefore = Duration.ZERO;

  /// Until when the lease by which the machine is present is sure to live, as far as the agent has
  /// been told of both.
  private Duration sure = Duration.ZERO;

  /// By which lease that is, and until when others are sure to live.
  private long announced;

  private final Map<Long, Duration> leases = new HashMap<>();

  private Duration doubtful = Duration.ZERO;

  /// Whether it was when the agent last began to look, and the time before.
  private boolean held;

  private boolean heldBefore;
  private Duration began = Duration.ZERO;
  private final Set<String> startedInThisRun = new HashSet<>();

  /// What it may have begun with; empty from when it has been told more.
  private Optional<Map<String, String>> kept = Optional.empty();

  /// Units that it has asked to stop, for a reason, and not to start since: it may have to ask
  /// again.
  private final Set<String> stopped = new HashSet<>();

  /// Units of which it was told something new while it was not present: it takes no notice before
  /// it is.
  private final Set<String> unheeded = new HashSet<>();

  /// The agent has begun: it may go by what it `kept` on disk, until it has been told more.
  void began(Map<String, String> kept, Duration now) {
    began = now;
    this.kept = Optional.of(kept);
    sure = Duration.ZERO;
    announced = 0;
    leases.clear();
    startedInThisRun.clear();
  }

  /// All that is assigned.
  ///
  /// @param present whether the machine is, as far as the store knows
  void told(SortedMap<String, String> texts, boolean present, Duration now) {
    var gone = new TreeSet<>(assigned.keySet());
    gone.removeAll(texts.keySet());
    gone.forEach(unit -> told(unit, Optional.empty(), present, now));
    texts.forEach((unit, text) -> told(unit, Optional.of(text), present, now));
    kept.ifPresent(old -> startedInThisRun.forEach(unit -> compare(unit, old, texts, now)));
    kept = Optional.empty();
  }

  /// What was started as it was kept may be news, though the agent before had been told already.
  private void compare(
      String unit, Map<String, String> old, Map<String, String> texts, Duration now) {
    if (!Objects.equals(old.get(unit), texts.get(unit))) {
      news.put(unit, now);
    }
  }

  /// A change of one assignment.
  void told(String unit, Optional<String> text, boolean present, Duration now) {
    var before = Optional.ofNullable(assigned.remove(unit));
    text.ifPresent(known -> assigned.put(unit, known));
    if (!text.equals(before) || text.isEmpty()) {
      news.put(unit, now);
      if (present) {
        unheeded.remove(unit);
      } else {
        unheeded.add(unit);
      }
    }
  }

  /// The agent has been told that a lease lives until then, at least.
  void renewed(long lease, Duration until) {
    leases.merge(lease, until, Grounds::later);
    if (lease == announced) {
      sure = later(sure, until);
    }
  }

  /// The agent has been told by which lease the machine is present.
  void announced(long lease) {
    announced = lease;
    sure = later(sure, leases.getOrDefault(lease, Duration.ZERO));
    leases.keySet().retainAll(Set.of(lease));
  }

  private static Duration later(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /// The agent has been told that its lease is no more: until then it may act by that.
  void doubts(Duration until) {
    doubtful = until;
  }

  void looked(Duration now) {
    lookedBefore = looked;
    looked = now;
    heldBefore = held;
    held = sure.compareTo(now) > 0 && doubtful.compareTo(now) < 0;
  }

  /// When it had begun to look before it last did, and has come to its conclusions since.
  Duration lookedBefore() {
    return lookedBefore;
  }

  /// When the agent has begun.
  Duration began() {
    return began;
  }

  void started(String unit, Duration now) {
    restarted(unit, decided(now));
  }

  /// When it has decided what it does now. That has a task of its own: the agent may have looked
  /// again at the same instant.
  Duration decided(Duration now) {
    return looked.equals(now) ? lookedBefore : looked;
  }

  /// It has been started or restarted, by what was decided then; had the answer to a restart been
  /// lost, it might be restarted again.
  void restarted(String unit, Duration decided) {
    stopped.remove(unit);
    started.put(unit, startedInThisRun.add(unit) ? began : decided);
  }

  /// Whether there is a reason to stop it: it is not to be launched, or there was some news, or it
  /// is to be stopped where the lease has lapsed, and that may have.
  boolean toStop(String unit) {
    boolean reason = stopped.contains(unit) || mayStop(unit);
    if (reason) {
      stopped.add(unit);
    }
    return reason;
  }

  private boolean mayStop(String unit) {
    String text = assigned.get(unit);
    Duration since = started.get(unit);
    return text == null
        || (isBound(text) && !(held && heldBefore))
        || !text.contains("\"target\":\"launched\"")
        || since == null
        || news.getOrDefault(unit, Duration.ZERO).compareTo(since) >= 0
        || unheeded.remove(unit);
  }

  private static boolean isBound(String text) {
    return text.contains("Exclusive=true") || text.contains("Disconnect=stop");
  }
}
