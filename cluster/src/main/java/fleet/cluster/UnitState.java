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
    long released) {

  public UnitState {
    log = List.copyOf(log);
  }

  /// Of a unit that is the machine's own.
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
    this(reached, generation, load, active, sub, hash, result, problem, log, 0);
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
        revision);
  }
}
