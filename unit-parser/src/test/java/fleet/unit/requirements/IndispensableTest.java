package fleet.unit.requirements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.unit.UnitName;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IndispensableTest {

  private static UnitName name(String text) {
    return UnitName.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fleet.service",
        "fleet.socket",
        "fleetd.service",
        "fleet-switch-db.service-a.service",
        "dbus.service",
        "dbus.socket",
        "dbus-broker.service",
        "dbus-org.freedesktop.login1.service",
        "systemd-journald.service",
        "systemd-fsck@dev-sda1.service",
        "systemd-networkd.socket",
        "user@1000.service",
        "-.slice",
        "-.mount",
        "system.slice",
        "user.slice",
        "machine.slice",
        "proc.mount",
        "multi-user.target",
        "shutdown.target",
        "rescue.target",
        "runlevel3.target"
      })
  void machineCannotBeWithoutThese(String text) {
    assertTrue(Indispensable.reason(name(text)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web.service",
        "fleet-web.service",
        "fleet@1.service",
        "dbus-proxy.service",
        "my-systemd-thing.service",
        "sshd.service",
        "etcd.service",
        "app.slice",
        "srv-data.mount",
        "web.target",
        "shutdown.service"
      })
  void anybodyMayHaveThese(String text) {
    assertEquals(Optional.empty(), Indispensable.reason(name(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = "fleet.service")
  void refusalSaysWhy(String text) {
    assertEquals(
        Optional.of(
            "unit name \"fleet.service\" is one that a machine cannot be without: fleet itself runs"
                + " in it"),
        Indispensable.refusal(name(text)));
  }
}
