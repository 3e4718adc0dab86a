package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitPathTest {

  /// As `busctl tree org.freedesktop.systemd1` shows them.
  @ParameterizedTest
  @CsvSource({
    "web.service, web_2eservice",
    "web@1.service, web_401_2eservice",
    "0.service, _30_2eservice",
    "a0.service, a0_2eservice",
    "-.slice, _2d_2eslice",
    "a_b-c:d.socket, a_5fb_2dc_3ad_2esocket",
    "dev-disk-by\\x2dlabel.swap, dev_2ddisk_2dby_5cx2dlabel_2eswap",
    "UPPER.path, UPPER_2epath"
  })
  void isWhatSystemdMakesOfAName(String name, String escaped) {
    assertEquals("/org/freedesktop/systemd1/unit/" + escaped, UnitPath.of(name));
  }
}
