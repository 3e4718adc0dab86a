package fleet.ctl.console;

import java.util.ArrayList;
import java.util.List;

/// Guesses what somebody meant to type.
final class Nearest {

  private static final int FAR = 3;

  /// A beginning shorter than this (`--`) says nothing.
  private static final int TELLING = 3;

  private Nearest() {}

  /// A question to end an error message with, such as `, did you mean "start"?`; empty if nothing
  /// is near.
  ///
  /// @param better guesses that the caller already has; if there are none, those of `known` that
  ///     are a slip or two away from `word`
  static String question(String word, List<String> known, List<String> better) {
    List<String> guesses = better.isEmpty() ? near(word, known) : better;
    if (guesses.isEmpty()) {
      return "";
    }
    var question = new StringBuilder(", did you mean ");
    for (int i = 0; i < guesses.size(); i++) {
      if (i > 0) {
        question.append(i + 1 < guesses.size() ? ", " : " or ");
      }
      question.append('"').append(guesses.get(i)).append('"');
    }
    return question.append('?').toString();
  }

  private static List<String> near(String word, List<String> known) {
    int best = FAR;
    var guesses = new ArrayList<String>();
    for (String candidate : known) {
      boolean begun = word.length() >= TELLING && candidate.startsWith(word);
      int distance = begun ? 1 : distance(word, candidate);
      if (distance < best) {
        best = distance;
        guesses.clear();
      }
      if (distance == best && distance < FAR) {
        guesses.add(candidate);
      }
    }
    return guesses;
  }

  /// The number of characters to add, drop, change or swap with their neighbor to make `b` of `a`.
  static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(steps[i - 1][j], steps[i][j - 1]) + 1;
        least = Math.min(least, steps[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, steps[i - 2][j - 2] + 1);
        }
        steps[i][j] = least;
      }
    }
    return steps[a.length()][b.length()];
  }
}
