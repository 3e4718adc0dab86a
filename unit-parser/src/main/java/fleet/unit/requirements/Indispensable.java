package fleet.unit.requirements;

import fleet.unit.Quoted;
import fleet.unit.UnitName;
import fleet.unit.UnitType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The names that a machine cannot be without: whoever stops such a unit, or puts another text in
/// its place, takes down the machine, or fleet itself. No user may have a unit of such a name, and
/// no machine acts on one, whatever is assigned to it. A function.
///
/// The names are those of the daemon and of what it makes, of systemd's own parts, of the message
/// bus over which it is reached, of the roots of the trees of slices and mounts, and the targets of
/// systemd.special(7). Others that matter, such as `sshd.service`, are not among them: where a
/// machine has them they are safe, as all of a machine's own units are, and elsewhere they do no
/// harm.
public final class Indispensable {

  private static final String FLEET = "fleet itself runs in it";
  private static final String SYSTEMD = "it is a part of systemd";
  private static final String BUS = "it is the message bus, over which systemd is reached";
  private static final String ROOT = "all that a machine runs hangs on it";
  private static final String TARGET = "systemd gives it a meaning (systemd.special(7))";

  private static final SortedSet<String> FLEETS =
      names("fleet.service", "fleet.socket", "fleetd.service", "fleetd.socket");

  private static final SortedSet<String> BUSES =
      names("dbus.service", "dbus.socket", "dbus-broker.service", "dbus-daemon.service");

  private static final SortedSet<String> ROOTS =
      names(
          "-.slice",
          "system.slice",
          "user.slice",
          "machine.slice",
          "-.mount",
          "dev.mount",
          "etc.mount",
          "proc.mount",
          "run.mount",
          "sys.mount",
          "usr.mount",
          "var.mount");

  private static final SortedSet<String> TARGETS =
      names(
          ("basic bluetooth boot-complete cryptsetup cryptsetup-pre ctrl-alt-del default"
                  + " emergency exit factory-reset final first-boot-complete getty getty-pre"
                  + " graphical halt hibernate hybrid-sleep initrd initrd-fs"
                  + " initrd-root-device initrd-root-fs initrd-switch-root initrd-usr-fs"
                  + " integritysetup integritysetup-pre kbrequest kexec local-fs local-fs-pre"
                  + " machines multi-user network network-online network-pre nss-lookup"
                  + " nss-user-lookup paths poweroff printer reboot remote-cryptsetup"
                  + " remote-fs remote-fs-pre remote-veritysetup rescue rpcbind runlevel0"
                  + " runlevel1 runlevel2 runlevel3 runlevel4 runlevel5 runlevel6 shutdown"
                  + " sigpwr sleep slices smartcard sockets soft-reboot sound"
                  + " storage-target-mode suspend suspend-then-hibernate swap sysinit"
                  + " system-update system-update-pre time-set time-sync timers umount"
                  + " usb-gadget veritysetup veritysetup-pre")
              .split(" "));

  private Indispensable() {}

  private static SortedSet<String> names(String... names) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(List.of(names)));
  }

  /// Why nobody may have a unit of that name; empty if somebody may.
  public static Optional<String> reason(UnitName name) {
    String text = name.text();
    if (FLEETS.contains(text) || text.startsWith("fleet-switch-")) {
      return Optional.of(FLEET);
    }
    if (text.startsWith("systemd-")
        || text.startsWith("user@")
        || text.startsWith("user-runtime-dir@")) {
      return Optional.of(SYSTEMD);
    }
    if (BUSES.contains(text) || text.startsWith("dbus-org.freedesktop.")) {
      return Optional.of(BUS);
    }
    if (ROOTS.contains(text)) {
      return Optional.of(ROOT);
    }
    if (name.type() == UnitType.TARGET && TARGETS.contains(name.stem())) {
      return Optional.of(TARGET);
    }
    return Optional.empty();
  }

  /// What a user is told who asks for a unit of that name; empty if he may have it.
  public static Optional<String> refusal(UnitName name) {
    return reason(name)
        .map(
            reason ->
                "unit name "
                    + Quoted.text(name.text())
                    + " is one that a machine cannot be without: "
                    + reason);
  }
}
