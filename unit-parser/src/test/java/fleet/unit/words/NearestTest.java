package fleet.unit.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  private static final List<String> WORDS = List.of("start", "status", "stop", "Global");

  @ParameterizedTest
  @CsvSource({
    "a, a, 0",
    "a, A, 0",
    "ab, ba, 1",
    "abc, ac, 1",
    "abc, abxc, 1",
    "abc, axc, 1",
    "'', abc, 3"
  })
  void distanceCountsLettersThatAreAddedDroppedChangedOrSwapped(
      String one, String other, int distance) {
    assertEquals(distance, Nearest.distance(one, other));
    assertEquals(distance, Nearest.distance(other, one));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "strat  | , did you mean \"start\"?",
        "GLOBAL | , did you mean \"Global\"?",
        "sta    | , did you mean \"start\" or \"status\"?",
        "explode | ''"
      })
  void questionNamesWhatIsASlipOrTwoAway(String word, String question) {
    assertEquals(question, Nearest.question(word, WORDS, List.of()));
  }

  @Test
  void guessesOfTheCallerComeFirst() {
    assertEquals(
        ", did you mean \"a\", \"b\" or \"c\"?",
        Nearest.question("start", WORDS, List.of("a", "b", "c")));
  }

  @Test
  void thereIsAlwaysANearestWord() {
    assertEquals("stop", Nearest.nearest("step", WORDS));
    assertEquals("start", Nearest.nearest("", List.of("start", "begin")));
  }
}
