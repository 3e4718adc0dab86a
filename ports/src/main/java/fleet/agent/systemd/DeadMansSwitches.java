package fleet.agent.systemd;

import fleet.unit.UnitName;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;

/// What systemd does to exclusive units by itself, if it is not told in time that it need not: it
/// stops and kills them, whatever has become of who armed the switch. A reboot clears all.
///
/// # How to extend one without ever extending it too far
///
/// Whoever is delayed between learning that a unit may run on and saying so extends the switch by
/// that delay. So nothing is extended. Another switch is armed *before* one asks, and the older one
/// disarmed when the answer has come: however late any step is, one switch is armed that counts
/// from before the question was put. A unit has two at most.
///
/// For the same reason an exclusive unit can be started only while a switch is armed that was
/// confirmed: a start that is late, after one that was armed late, must not succeed.
///
/// All methods may throw [SystemdException.Unavailable]: nobody knows whether it was carried out.
public interface DeadMansSwitches {

  /// Arms a new switch for each unit, beside the older one if there is one; if there are two, in
  /// place of the younger. Waits until it is armed. None is armed while another is killing the
  /// unit.
  ///
  /// @param after which it fires
  /// @return those for which there is no new one, each with the reason
  SortedMap<UnitName.Placeable, String> arm(SortedMap<UnitName.Placeable, Duration> after)
      throws InterruptedException;

  /// Confirms the younger switch of each unit, if it has not fired meanwhile, and disarms the older
  /// one if there is one.
  void confirm(SortedSet<UnitName.Placeable> units) throws InterruptedException;

  /// Disarms all switches of units that have stopped.
  void disarm(SortedSet<UnitName.Placeable> units) throws InterruptedException;
}
