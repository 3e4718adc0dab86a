package fleet.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What must not have happened at any time, however bad. A function.
///
/// A unit may have been stopped only
///
/// - as a user had asked for something of it since it was started, or shortly before; or
/// - as its machine had been silent, or away, for longer than what remains of a lease; or had been
///   until shortly before, so that a surplus copy was stopped; or
/// - as another, beside which it must run, had ended; or
/// - as it is exclusive, or says `Disconnect=stop`, and its machine and the store had not
///   heard each other for longer than what remains of a lease; or
/// - as it has `FailureLimit=`, and what it needs was missing on its machine; or
/// - as it began under a file that the machine had of its own, and went with that.
///
/// A unit that the machine has of its own, under a name that fleet has too, may have been stopped
/// only as its machine went down.
///
/// To the others an outage of the store is no such cause; to none is a change of leader, a daemon
/// that is back in time, a bus that restarts, a spoiled file or a full disk.
///
/// An exclusive unit never runs on two machines, and nothing is started over and over.
final class Promises {

  /// How long after its machine is heard again a unit may be stopped, as it runs elsewhere.
  private static final Duration RETURN = Duration.ofSeconds(20);

  /// How long after a command a unit may be started, to be stopped at once.
  private static final Duration COMMAND = Duration.ofSeconds(60);

  private static final Duration COMPANION = Duration.ofSeconds(30);

  /// A machine that is frozen and thawed has its exclusive units stopped at once, by systemd, as
  /// soon as that comes to it.
  private static final Duration AWAKENING = Duration.ofSeconds(10);

  /// The same where the next copy has been started just after it was thawed: systemd is at it.
  private static final Duration DYING = Duration.ofSeconds(3);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /// How often a unit may be started on a machine in a minute.
  static final int STARTS = 20;

  private final Evidence evidence;

  private Promises(Evidence evidence) {
    this.evidence = evidence;
  }

  /// What was not kept, in words.
  static List<String> broken(Evidence evidence) {
    var promises = new Promises(evidence);
    List<String> broken = new ArrayList<>(promises.stoppedWithoutCause());
    broken.addAll(promises.ranTwice());
    broken.addAll(promises.hammered());
    return broken;
  }

  private List<String> stoppedWithoutCause() {
    return evidence.runs().stream()
        .filter(Run::hasEnded)
        .filter(run -> !mayHaveEnded(run))
        .map(
            run ->
                run.unit()
                    + " was stopped on "
                    + run.node()
                    + " at "
                    + run.stopping()
                    + " without a cause; it ran since "
                    + run.started()
                    + ", invocation "
                    + run.invocation())
        .toList();
  }

  private boolean mayHaveEnded(Run run) {
    if (evidence.traits().isOwn(run)) {
      return isOfMachine(run);
    }
    return isAskedFor(run)
        || isOfTrouble(run)
        || isOfCompanion(run)
        || isOfSilence(run)
        || isOfWhatIsMissing(run)
        || isOfOwnFile(run);
  }

  /// Its machine lost its power, or was rebooted.
  private boolean isOfMachine(Run run) {
    return evidence.troubles().stream()
        .anyMatch(
            trouble ->
                trouble.node().equals(run.node())
                    && trouble.takesMachineDown()
                    && !trouble.from().isAfter(run.stopping())
                    && !trouble.to().isBefore(run.stopping()));
  }

  private boolean isAskedFor(Run run) {
    return evidence.commands().stream()
        .anyMatch(
            command ->
                command.unit().equals(run.unit())
                    && command.from().isAfter(run.started().minus(COMMAND))
                    && !command.from().isAfter(run.stopping()));
  }

  private boolean isOfTrouble(Run run) {
    return evidence.troubles().stream()
        .anyMatch(
            trouble ->
                trouble.node().equals(run.node())
                    && trouble.mayStopUnits()
                    && !trouble.from().isAfter(run.stopping())
                    && evidence.after(trouble.to(), RETURN).isAfter(run.stopping()));
  }

  private boolean isOfCompanion(Run run) {
    String other = evidence.traits().companions().get(run.unit());
    return other != null
        && evidence.runs().stream()
            .anyMatch(
                before ->
                    before.unit().equals(other)
                        && before.hasEnded()
                        && !before.stopping().isAfter(run.stopping())
                        && evidence.after(before.stopping(), COMPANION).isAfter(run.stopping()));
  }

  /// It stops when the lease has lapsed, and not before.
  private boolean isOfSilence(Run run) {
    return evidence.traits().bound().contains(run.unit())
        && evidence.silences(run.node()).stream()
            .anyMatch(
                silence ->
                    !silence.from().plus(Trouble.SAFE).isAfter(run.stopping())
                        && evidence.after(silence.to(), RETURN).isAfter(run.stopping()));
  }

  /// It fails, or is moved for that.
  private boolean isOfWhatIsMissing(Run run) {
    return evidence.traits().breaking().contains(run.unit())
        && evidence.troubles().stream()
            .anyMatch(
                trouble ->
                    trouble.fault() == Fault.BREAK
                        && trouble.node().equals(run.node())
                        && !trouble.from().isAfter(run.stopping())
                        && evidence.after(trouble.to(), RETURN).isAfter(run.stopping()));
  }

  /// What began under the machine's own file is the machine's, which stops it with its file.
  private boolean isOfOwnFile(Run run) {
    return evidence.troubles().stream()
        .anyMatch(
            trouble ->
                trouble.fault() == Fault.SHADOW
                    && trouble.node().equals(run.node())
                    && !trouble.from().isAfter(run.started())
                    && !trouble.undoing().isAfter(run.stopping())
                    && !trouble.to().isBefore(run.stopping()));
  }

  /// A frozen machine's clock does not stop, but nothing runs there.
  private List<String> ranTwice() {
    var byUnit = new TreeMap<String, List<Run>>();
    for (Run run : evidence.runs()) {
      if (evidence.traits().exclusive().contains(run.unit())) {
        byUnit.computeIfAbsent(run.unit(), _ -> new ArrayList<>()).add(run);
      }
    }
    List<String> broken = new ArrayList<>();
    byUnit.forEach(
        (unit, runs) -> {
          for (Run first : runs) {
            for (Run second : runs) {
              if (!first.node().equals(second.node())) {
                overlap(first, second)
                    .ifPresent(
                        both ->
                            broken.add(
                                unit
                                    + " ran twice, on "
                                    + first.node()
                                    + " and "
                                    + second.node()
                                    + ", at "
                                    + both));
              }
            }
          }
        });
    return broken;
  }

  /// When `second` was started while `first` ran; not if `first` was frozen beyond its time with
  /// all of its machine, and has been stopped since that runs again.
  private Optional<Instant> overlap(Run first, Run second) {
    Instant start = second.started();
    boolean both = first.started().isBefore(start) && first.stopped().isAfter(start);
    boolean frozen =
        evidence.troubles().stream()
            .anyMatch(
                trouble ->
                    trouble.node().equals(first.node())
                        && trouble.fault() == Fault.FREEZE
                        && trouble.from().isAfter(first.started())
                        && !trouble.from().plus(Trouble.SAFE).isAfter(start)
                        && trouble
                            .to()
                            .plus(trouble.to().isBefore(start) ? DYING : AWAKENING)
                            .isAfter(first.stopped()));
    return both && !frozen ? Optional.of(start) : Optional.empty();
  }

  private List<String> hammered() {
    var starts = new TreeMap<String, List<Instant>>();
    for (Run run : evidence.runs()) {
      starts
          .computeIfAbsent(run.unit() + " on " + run.node(), _ -> new ArrayList<>())
          .add(run.started());
    }
    List<String> broken = new ArrayList<>();
    starts.forEach(
        (unit, times) -> {
          List<Instant> sorted = times.stream().sorted().toList();
          for (int i = STARTS; i < sorted.size(); i++) {
            if (sorted.get(i).isBefore(sorted.get(i - STARTS).plus(MINUTE))) {
              broken.add(
                  unit
                      + " was started more than "
                      + STARTS
                      + " times in the minute until "
                      + sorted.get(i));
              return;
            }
          }
        });
    return broken;
  }
}
