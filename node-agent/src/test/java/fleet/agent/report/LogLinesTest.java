package fleet.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogLinesTest {

  @Test
  void lastTenLinesAreTold() {
    List<String> lines = IntStream.range(0, 30).mapToObj(i -> "line " + i).toList();

    assertEquals(lines.subList(20, 30), LogLines.told(lines));
    assertEquals(List.of(), LogLines.told(List.of()));
    assertEquals(List.of("", "end"), LogLines.told(List.of("", "end")));
  }

  @Test
  void longLineIsCutAndLeavesNoRoomForThoseBefore() {
    String umlauts = "\u00fc".repeat(3_000);

    assertEquals(
        List.of("\u00fc".repeat(1_022), "end"), LogLines.told(List.of("first", umlauts, "end")));
  }

  @Test
  void noLineMovesATerminal() {
    assertEquals(
        List.of("red\tand plain"), LogLines.told(List.of("\u001b[1;31mred\u001b[0m\tand\r plain")));
  }

  @Test
  void linesOfAnyLengthAreToldInSoManyBytes() {
    for (int length = 0; length < 3_000; length += 7) {
      List<String> told = LogLines.told(Collections.nCopies(20, "a\ud83d\ude00".repeat(length)));

      assertTrue(
          String.join("", told).getBytes(StandardCharsets.UTF_8).length <= LogLines.MOST_BYTES);
    }
  }
}
