package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HomeTest {

  @Test
  void processLivesInItsServiceAndTheSlicesAroundIt() {
    assertEquals(
        List.of("fleet.service", "system.slice"),
        List.copyOf(Home.of("0::/system.slice/fleet.service\n")));
    assertEquals(
        List.of("session-1.scope", "user-0.slice", "user.slice"),
        List.copyOf(Home.of("0::/user.slice/user-0.slice/session-1.scope/inner\n")));
  }

  @Test
  void bothVersionsOfControlGroupsAreUnderstood() {
    assertEquals(
        List.of("fleet.service", "system.slice"),
        List.copyOf(
            Home.of("4:memory:/other.slice\n1:name=systemd:/system.slice/fleet.service\n0::/\n")));
  }

  @Test
  void processInNoUnitLivesInNone() {
    assertEquals(List.of(), List.copyOf(Home.of("0::/\n")));
    assertEquals(List.of(), List.copyOf(Home.of("")));
  }
}
