package fleet.daemon;

import static fleet.daemon.ProcessSignals.Told.END;
import static fleet.daemon.ProcessSignals.Told.RELOAD;
import static fleet.daemon.ProcessSignals.Told.SHOW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ProcessSignalsTest {

  /// Says what it is told, until that is to end.
  static final class Listener {
    public static void main(String[] arguments) throws InterruptedException {
      ProcessSignals signals = ProcessSignals.take();
      System.out.println("ready");
      ProcessSignals.Told told;
      do {
        told = signals.next();
        System.out.println(told);
      } while (told != END);
    }
  }

  @Test
  void eachSignalIsToldAndNoneOfThemKills() throws IOException, InterruptedException {
    Process listener =
        new ProcessBuilder(
                "env",
                "--default-signal", // as nohup(1) has them ignored, by children too
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Listener.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var out =
        new BufferedReader(
            new InputStreamReader(listener.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("ready", out.readLine());
      assertEquals(RELOAD.toString(), answer(listener, out, "HUP"));
      assertEquals(SHOW.toString(), answer(listener, out, "USR1"));
      assertEquals(RELOAD.toString(), answer(listener, out, "HUP"));
      assertEquals(END.toString(), answer(listener, out, "TERM"));
      assertEquals(0, listener.waitFor());
    } finally {
      listener.destroyForcibly();
    }
  }

  private static String answer(Process listener, BufferedReader out, String signal)
      throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(listener.pid())).start();
    assertEquals(0, kill.waitFor());
    return out.readLine();
  }

  @Test
  void theEndComesFirstAndWhatIsToldTwiceIsHeardOnce() throws InterruptedException {
    ProcessSignals signals = ProcessSignals.untaken();
    signals.tell(SHOW);
    signals.tell(RELOAD);
    signals.tell(RELOAD);
    signals.tell(END);

    assertEquals(END, signals.next());
    assertEquals(RELOAD, signals.next());
    assertEquals(SHOW, signals.next());
  }
}
