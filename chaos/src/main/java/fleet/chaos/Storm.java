package fleet.chaos;

import fleet.testing.machines.LocalCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/// Draws faults from a seed, and undoes each after a while. At most two machines are silent at
/// once, and each machine has one trouble at a time; the store may be away beside that.
final class Storm {

  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final int SILENT = 2;
  private static final int OPEN = 4;

  private final LocalCluster cluster;
  private final Ours ours;
  private final Harm harm;
  private final Random random;
  private final List<Open> open = new CopyOnWriteArrayList<>();
  private final List<Trouble> past = new ArrayList<>();
  private int failed;

  private record Open(
      Fault fault, String node, String peer, Instant from, Instant done, Instant until) {
    Open doneBy(Instant now) {
      return new Open(fault, node, peer, from, now, until);
    }
  }

  Storm(Ours ours, long seed) {
    this.ours = ours;
    this.cluster = ours.cluster();
    this.harm = new Harm(cluster, ours.storeHolder());
    this.random = new Random(seed);
  }

  /// Where nobody gets an answer now. Any thread may ask.
  SortedSet<String> troubled() {
    var troubled = new TreeSet<String>();
    open.forEach(trouble -> troubled.add(trouble.node));
    return troubled;
  }

  /// All that has been undone.
  List<Trouble> troubles() {
    return past;
  }

  /// How many faults could not be brought about; they do not count.
  int failed() {
    return failed;
  }

  /// Does harm until then, and undoes all of it.
  void rage(Instant until) throws Ours.Refused, InterruptedException {
    Instant next = Instant.now();
    while (Instant.now().isBefore(until)) {
      for (Open trouble : due(Instant.now())) {
        undo(trouble);
      }
      if (!Instant.now().isBefore(next)) {
        draw();
        next = Instant.now().plusMillis(200 + random.nextInt(2_500));
      }
      Thread.sleep(50);
    }
    for (Open trouble : due(Instant.MAX)) {
      undo(trouble);
    }
  }

  private List<Open> due(Instant now) {
    return open.stream()
        .filter(trouble -> !trouble.until.isAfter(now))
        .sorted(Comparator.comparing(Open::until))
        .toList();
  }

  private void draw() throws Ours.Refused, InterruptedException {
    Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
    String node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    String peer = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    Duration span = span(fault);
    boolean store = fault.effect() == Fault.Effect.STORE;
    if (store) {
      node = "";
    }
    if (open.size() >= OPEN || !isPossible(fault, node, peer)) {
      return;
    }
    for (String each : cluster.nodes()) {
      ours.check(each);
    }
    Instant from = Instant.now();
    // Before it is done, so that users keep away.
    var trouble = new Open(fault, node, peer, from, Instant.MAX, from.plus(span));
    open.add(trouble);
    try {
      harm.inflict(fault, node, peer);
    } catch (AssertionError e) {
      failed++;
      System.out.println(
          "could not be done: " + fault.words() + " " + node + ": " + e.getMessage());
    }
    Open brought = trouble.doneBy(Instant.now());
    open.set(open.indexOf(trouble), brought);
    if (span.isZero()) {
      undo(brought);
    }
  }

  private boolean isPossible(Fault fault, String node, String peer) {
    if (fault.effect() == Fault.Effect.STORE) {
      // Rarer than others, as nobody can work meanwhile.
      boolean ofThisStore = (fault == Fault.FILL_STORE) != ours.storeHolder().isEmpty();
      return ofThisStore && !troubled().contains("") && random.nextInt(3) == 0;
    }
    boolean silences =
        fault.effect() == Fault.Effect.TAKES_AWAY || fault.effect() == Fault.Effect.SILENCES;
    long silent =
        open.stream()
            .filter(trouble -> !trouble.node.isEmpty())
            .filter(
                trouble ->
                    trouble.fault.effect() == Fault.Effect.TAKES_AWAY
                        || trouble.fault.effect() == Fault.Effect.SILENCES)
            .count();
    boolean holder = node.equals(ours.storeHolder());
    return switch (fault) {
      case CUT_FROM_MACHINE ->
          !troubled().contains(node)
              && !node.equals(peer)
              && !holder
              && !peer.equals(ours.storeHolder());
      case MUTE, DEAF -> !holder && !troubled().contains(node) && silent < SILENT;
      default -> !troubled().contains(node) && (!silences || silent < SILENT);
    };
  }

  private Duration span(Fault fault) {
    return switch (fault) {
      case POWER_OFF, REBOOT, LEAVE -> Duration.ofMillis(random.nextInt(20_000));
      case FREEZE, FREEZE_DAEMON, CUT, MUTE, DEAF, CUT_FROM_MACHINE, SHADOW, FILL_RUN, BREAK ->
          Duration.ofMillis(4_000 + random.nextInt(20_000));
      case FREEZE_BRIEFLY, FREEZE_DAEMON_BRIEFLY, CUT_BRIEFLY ->
          Duration.ofMillis(100 + random.nextInt(900));
      case KILL_STORE, FREEZE_STORE, FILL_STORE ->
          Duration.ofMillis(1_000 + random.nextInt(14_000));
      case KILL_DAEMON,
          END_DAEMON,
          RESTART_DAEMON,
          RESTART_BUS,
          RELOAD,
          REEXECUTE,
          EDIT_FILE,
          DELETE_FILE ->
          Duration.ZERO;
    };
  }

  private void undo(Open trouble) throws Ours.Refused, InterruptedException {
    if (!trouble.node.isEmpty()) {
      ours.check(trouble.node);
    }
    Instant undoing = Instant.now();
    harm.undo(trouble.fault, trouble.node, trouble.peer);
    past.add(
        new Trouble(
            trouble.fault, trouble.node, trouble.from, trouble.done, undoing, Instant.now()));
    open.remove(trouble);
  }
}
