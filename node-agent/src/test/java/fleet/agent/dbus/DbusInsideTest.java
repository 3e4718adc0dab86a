package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The systemds that can be reached from within their machine only.
@ExtendWith(OnNode.class)
@Tag("slow")
final class DbusInsideTest {

  private static final String DRIVEN =
      """
      install {}
      start DONE
      loaded active running success
      stop DONE
      loaded inactive dead success
      remove {}
      not-found inactive dead\s
      """;

  private final Node node;

  DbusInsideTest(Node node) {
    this.node = node;
  }

  @Test
  void privateSocketServesWhereThereIsNoBus() throws IOException, InterruptedException {
    assertEquals(DRIVEN, node.java(InsideNode.class, "/run/systemd/private"));
  }

  @Test
  void privateSocketIsFoundAgain() throws IOException, InterruptedException {
    assertEquals(
        DRIVEN + "systemctl daemon-reexec: 0\n" + DRIVEN,
        node.java(InsideNode.class, "/run/systemd/private", "systemctl daemon-reexec"));
  }

  @Test
  void systemBusIsWhereItShouldBe() throws IOException, InterruptedException {
    assertEquals(DRIVEN, node.java(InsideNode.class, "system"));
  }

  @Test
  void systemdOfAUserIsDrivenToo() throws IOException, InterruptedException {
    node.run("systemctl", "start", "user@0.service");
    try {
      assertEquals(DRIVEN, node.java(InsideNode.class, "user"));
    } finally {
      node.run("systemctl", "stop", "user@0.service");
    }
  }
}
