package fleet.cluster;

import fleet.unit.UnitHash;
import java.util.List;
import java.util.Optional;

/// What the systemd of one machine says of one unit.
///
/// @param reached how far the agent has brought it: [TargetState#LAUNCHED] once its start has been
///     carried out, also if it has ended since; [TargetState#LOADED] once it is linked, or stopped
///     again; [TargetState#INACTIVE] while systemd does not know it
/// @param generation of the [Assignment] that the agent has last carried out, that is, after the
///     start that ends a restart has come to its end; 0 before the first, and between the stop and
///     the start of a restart
/// @param load, active, sub systemd's own words (org.freedesktop.systemd1(5)): `loaded`, `active`,
///     `running`
/// @param hash of the file that the machine has loaded; empty if it could not be read
/// @param result systemd's word for how it last ended (`success`, `exit-code`, `timeout`, …); empty
///     where the type of unit has none
/// @param problem what keeps the agent from bringing the unit as far as it should be, for people to
///     read; empty if nothing does
/// @param log the last lines of its journal, the newest last, if its start has failed or it has
///     failed since; empty otherwise
/// @param released the revision of the assignment of target [TargetState#INACTIVE] that the machine
///     has complied with: the unit runs there no more, and will not by any earlier assignment; 0 if
///     there is none
/// @param trial how it has done lately, if its file says `FailureLimit=`
/// @param outcomes what became of the last few orders, the newest last; nothing of one that is
///     still being carried out
/// @param invocation its present or last run
/// @param own whether the machine has the unit's name for itself, so that the unit cannot be there:
///     all of this but the problem, which says so, is of no unit of fleet's
public record UnitState(
    TargetState reached,
    long generation,
    String load,
    String active,
    String sub,
    Optional<UnitHash> hash,
    String result,
    String problem,
    List<String> log,
    long released,
    Trial trial,
    List<Outcome> outcomes,
    Invocation invocation,
    boolean own) {

  /// How a unit that has a limit of failures has done on one machine, since that was last told
  /// something new of it.
  ///
  /// @param failures how often in a row it has failed; 0 or more
  /// @param proven whether it has done so well for so long that earlier failures count no more,
  ///     wherever they were
  public record Trial(int failures, boolean proven) {
    /// Of a unit that has no limit, or of which nothing can be said yet.
    public static final Trial OPEN = new Trial(0, false);
  }

  public UnitState {
    log = List.copyOf(log);
    outcomes = List.copyOf(outcomes);
  }

  /// Of a unit that is the machine's own, and has no limit of failures.
  public UnitState(
      TargetState reached,
      long generation,
      String load,
      String active,
      String sub,
      Optional<UnitHash> hash,
      String result,
      String problem,
      List<String> log) {
    this(
        reached,
        generation,
        load,
        active,
        sub,
        hash,
        result,
        problem,
        log,
        0,
        Trial.OPEN,
        List.of(),
        Invocation.NONE,
        false);
  }

  /// Of a unit that is there no more, as the assignment of that revision asked.
  public static UnitState released(long revision) {
    return new UnitState(
        TargetState.INACTIVE,
        0,
        "not-found",
        "inactive",
        "dead",
        Optional.empty(),
        "",
        "",
        List.of(),
        revision,
        Trial.OPEN,
        List.of(),
        Invocation.NONE,
        false);
  }

  /// Of a unit whose name the machine has for itself.
  public static UnitState ownOfMachine(String problem) {
    return new UnitState(
        TargetState.INACTIVE,
        0,
        "not-found",
        "inactive",
        "dead",
        Optional.empty(),
        "",
        problem,
        List.of(),
        0,
        Trial.OPEN,
        List.of(),
        Invocation.NONE,
        true);
  }

  /// The same state of a unit that has done like that.
  public UnitState tried(Trial as) {
    return new UnitState(
        reached,
        generation,
        load,
        active,
        sub,
        hash,
        result,
        problem,
        log,
        released,
        as,
        outcomes,
        invocation,
        own);
  }

  /// The same state of a unit of whose orders that became.
  public UnitState ordered(List<Outcome> as) {
    return new UnitState(
        reached,
        generation,
        load,
        active,
        sub,
        hash,
        result,
        problem,
        log,
        released,
        trial,
        as,
        invocation,
        own);
  }

  /// The same state of a unit of which that is the present or last run.
  public UnitState ran(Invocation as) {
    return new UnitState(
        reached,
        generation,
        load,
        active,
        sub,
        hash,
        result,
        problem,
        log,
        released,
        trial,
        outcomes,
        as,
        own);
  }

  /// What became of an order here; empty if nothing has yet, or if it was long ago.
  public Optional<Outcome> outcome(Order order) {
    return outcomes.stream().filter(outcome -> outcome.order().equals(order)).findFirst();
  }
}
