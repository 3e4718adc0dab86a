package fleet.agent.unit;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Origin;
import fleet.agent.systemd.Origin.Loaded;
import fleet.unit.UnitName;
import fleet.unit.requirements.Indispensable;
import java.util.Optional;

/// Whose an invocation of a unit is, and whose the unit's name is on this machine. Functions.
///
/// A name is *taken* if the machine has a file of its own for it, runs something of its own under
/// it, or cannot be without it. Of a unit whose name is taken fleet starts, writes, links and
/// enables nothing.
///
/// What runs is a question of its own. fleet may stop what was started from fleet's file, whoever
/// started it, also when another's file has come over it since; and nothing else. systemd tells the
/// file that it would start now, not the one that it has started. So what is known of each
/// invocation is noted when it is first seen, and goes before what is to be seen later:
///
/// - one that came while fleet had an eye on the unit is fleet's, unless systemd has loaded
///   another's file;
/// - one that fleet finds with the unit, of which it knows nothing yet, is fleet's only if there is
///   no other file of that name. In doubt it is another's.
///
/// @param invocation that was last seen; empty if nothing ran
/// @param fleets whether it was started from fleet's file
public record Ownership(String invocation, boolean fleets) {

  /// Of a unit that rests, and that fleet has an eye on.
  public static final Ownership WATCHED = new Ownership("", true);

  /// What is known of a unit that has been looked at.
  ///
  /// @param before what was known of it; empty if nothing was
  /// @param applied whether it is noted that fleet has installed it
  static Ownership of(LocalUnit seen, Optional<Ownership> before, boolean applied) {
    Origin origin = seen.origin();
    if (!seen.runs()) {
      return WATCHED;
    }
    if (seen.invocation().isEmpty()) { // it comes or goes at this moment
      return before.orElse(new Ownership("", false));
    }
    if (before.filter(known -> known.invocation().equals(seen.invocation())).isPresent()) {
      return before.get();
    }
    boolean fleets =
        before.isPresent()
            ? origin.loaded() != Loaded.ANOTHERS
            : switch (origin.loaded()) {
              case FLEETS -> origin.another().isEmpty();
              case NOTHING -> origin.another().isEmpty() && applied;
              case ANOTHERS -> false;
            };
    return new Ownership(seen.invocation(), fleets);
  }

  /// What is to be kept of that: nothing of a unit that fleet has no eye on, unless another's runs
  /// under its name.
  ///
  /// @param before what was known of it; empty if nothing was
  /// @param applied whether it is noted that fleet has installed it
  public static Optional<Ownership> now(
      LocalUnit seen, Optional<Ownership> before, boolean applied) {
    return Optional.of(of(seen, before, applied))
        .filter(now -> now.foreign() || concerns(seen, applied));
  }

  /// Whether fleet has an eye on a unit: it has installed it, or finds its own file.
  private static boolean concerns(LocalUnit seen, boolean applied) {
    return applied || !(seen.file() instanceof OnDisk.Absent);
  }

  /// Whether something runs that fleet did not start.
  public boolean foreign() {
    return !fleets;
  }

  /// What is wrong with a name that is taken, said of the machine: `has a mine.service of its own:
  /// /etc/systemd/system/mine.service`; empty if it is free.
  ///
  /// @param foreign whether something runs that fleet did not start
  public static Optional<String> taken(UnitName.Placeable unit, LocalUnit seen, boolean foreign) {
    var indispensable = taken(unit);
    if (indispensable.isPresent()) {
      return indispensable;
    }
    if (seen.origin().vital()) {
      return Optional.of("cannot be without " + unit + ": fleet itself runs in it");
    }
    if (!seen.origin().another().isEmpty()) {
      return Optional.of("has a " + unit + " of its own: " + seen.origin().another());
    }
    return foreign ? Optional.of("runs a " + unit + " that fleet did not start") : Optional.empty();
  }

  /// What is wrong with a name that is taken on every machine.
  public static Optional<String> taken(UnitName.Placeable unit) {
    return Indispensable.reason(unit).map(why -> "cannot be without " + unit + ": " + why);
  }
}
