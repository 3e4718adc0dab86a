package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, ''",
    "1, 0, ''",
    "1, 1, exit code 1",
    "1, 203, exit code 203 (EXEC)",
    "2, 9, killed by SIGKILL",
    "2, 15, killed by SIGTERM",
    "3, 11, killed by SIGSEGV",
    "2, 31, killed by SIGSYS",
    "2, 40, killed by signal 40"
  })
  void endOfAProcessIsToldInWords(long code, long status, String words) {
    assertEquals(words, Runs.exit(code, status));
  }
}
