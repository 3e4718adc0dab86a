package fleet.ctl.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshTargetTest {

  @ParameterizedTest
  @CsvSource({
    "n1, n1, 0, n1",
    "n1:2222, n1, 2222, n1:2222",
    "10.0.1.101:22, 10.0.1.101, 22, 10.0.1.101:22",
    "fd00::9, fd00::9, 0, fd00::9",
    "[fd00::9], fd00::9, 0, fd00::9",
    "[fd00::9]:22, fd00::9, 22, [fd00::9]:22",
    "[n1]:65535, n1, 65535, n1:65535",
  })
  void aTargetIsReadAndWritten(String text, String host, int port, String written) {
    var target = SshTarget.parse(text);

    assertEquals(new Ok<>(new SshTarget(host, port)), target);
    assertEquals(written, target.orElseThrow().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":22", "n1:", "n1:ssh", "n1:0", "n1:65536", "n1:-1", "[n1", "[n1]22", "[]:22"})
  void whatIsNoneSaysWhatIs(String text) {
    assertEquals(
        new Malformed<>("expected HOST or HOST:PORT, found \"" + text + "\""),
        SshTarget.parse(text));
  }
}
