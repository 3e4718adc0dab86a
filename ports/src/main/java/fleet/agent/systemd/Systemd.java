package fleet.agent.systemd;

import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/// The local systemd, and the directory in which fleet keeps unit files for it.
///
/// Calls block, may come from any thread, and are limited in time. Any of them may throw
/// [SystemdException.Unavailable]: nobody knows whether it was carried out, so look at [#units]
/// before trying again.
///
/// An exclusive unit ([fleet.unit.requirements.Requirements#exclusive]) cannot be started, by
/// anybody, unless one of its [DeadMansSwitches] is armed and confirmed.
public interface Systemd extends DeadMansSwitches, AutoCloseable {

  /// What the directory and systemd hold: of every unit that has a file in the directory, and of
  /// those in `also`. A file whose name is no unit's is not ours and not seen.
  SortedMap<UnitName.Placeable, LocalUnit> units(SortedSet<UnitName.Placeable> also)
      throws InterruptedException;

  /// Writes unit files and tells systemd where they lie; enables those that have an `[Install]`
  /// section until the next boot. Starts nothing, and replaces what was installed under those
  /// names. A unit that systemd already knows is read anew at [#reload()].
  ///
  /// A name that another has on this machine is left to it: one that has a file of another's is not
  /// installed, nor one whose `Alias=` would be such a name, or whose `Also=` would enable one.
  ///
  /// @return those that could not be written, linked or enabled, each with the reason; nothing of
  ///     them is left. All others are installed.
  SortedMap<UnitName.Placeable, String> install(SortedMap<UnitName.Placeable, UnitFile> files)
      throws InterruptedException;

  /// What lies in the directory under that name; empty if there is nothing, or nothing that can be
  /// understood.
  Optional<UnitFile> file(UnitName.Placeable unit);

  /// Has systemd read all unit files anew.
  ///
  /// @throws SystemdException.Refused if it has been asked too often
  void reload() throws InterruptedException;

  /// Starts a unit and waits for the outcome. A unit that is active already is done at once.
  ///
  /// @param limit after which the outcome is [JobResult#UNFINISHED]
  /// @throws SystemdException.Refused if there is no such unit, or its file cannot be loaded
  JobResult start(UnitName.Placeable unit, Duration limit) throws InterruptedException;

  /// Has a unit run anew, and waits for the outcome: it is stopped and started by one job, or
  /// started if it does not run. If its files have changed since systemd last read them, it reads
  /// them first. Nothing is stopped that systemd could not start again, as far as it knows before.
  ///
  /// @param limit after which the outcome is [JobResult#UNFINISHED]
  /// @throws SystemdException.Refused if systemd will not: what runs runs on
  default JobResult restart(UnitName.Placeable unit, Duration limit) throws InterruptedException {
    return restart(unit, "", limit);
  }

  /// Has a unit run anew in place of that invocation, and of no other.
  ///
  /// @param invocation [LocalUnit#invocation]; empty for whatever runs
  /// @param limit after which the outcome is [JobResult#UNFINISHED]
  /// @throws SystemdException.Refused if systemd will not: what runs runs on
  /// @throws SystemdException.Unavailable also if the invocation is no more
  JobResult restart(UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException;

  /// Stops whatever runs of a unit, or is about to, and waits for the outcome. A unit that systemd
  /// does not know is done at once.
  ///
  /// @param limit after which the outcome is [JobResult#UNFINISHED]
  /// @throws SystemdException.Refused if systemd will not
  default JobResult stop(UnitName.Placeable unit, Duration limit) throws InterruptedException {
    return stop(unit, "", limit);
  }

  /// Stops that invocation of a unit, and no other, and waits for the outcome.
  ///
  /// @param invocation [LocalUnit#invocation]; empty for whatever runs, or is about to
  /// @param limit after which the outcome is [JobResult#UNFINISHED]; as it is if the invocation is
  ///     no more: something else may run by now
  /// @throws SystemdException.Refused if systemd will not
  JobResult stop(UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException;

  /// Makes systemd forget fleet's files for units: disables them, clears their failures, deletes
  /// the files. What is gone already is no error. What is another's under those names stays as it
  /// is, and what runs runs on.
  ///
  /// @return those whose files are still there, each with the reason
  SortedMap<UnitName.Placeable, String> remove(SortedSet<UnitName.Placeable> units)
      throws InterruptedException;

  /// The last lines that the unit has written to the journal, and systemd of it: the newest last,
  /// and none if they cannot be read. It costs a process, so ask seldom.
  ///
  /// @param most how many
  List<String> lastLines(UnitName.Placeable unit, int most) throws InterruptedException;

  /// Raises `signal` whenever [#units] may have something new to say of our units, for as long as
  /// this is open. Signals may be spurious. Changes to files are not noticed.
  void watch(Signal signal);

  /// Ends the connection. Units run on.
  @Override
  void close();
}
