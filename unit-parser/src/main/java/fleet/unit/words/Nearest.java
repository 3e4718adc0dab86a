package fleet.unit.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Guesses what somebody meant to type. Whether letters are capitals makes no difference.
public final class Nearest {

  private static final int FAR = 3;

  /// A beginning shorter than this (`--`) says nothing.
  private static final int TELLING = 3;

  private Nearest() {}

  /// A question to end an error message with, such as `, did you mean "start"?`; empty if nothing
  /// is near.
  ///
  /// @param better guesses that the caller already has; if there are none, those of `known` that
  ///     are a slip or two away from `word`
  public static String question(String word, List<String> known, List<String> better) {
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
      int distance = isBegun(word, candidate) ? 1 : distance(word, candidate);
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

  private static boolean isBegun(String word, String candidate) {
    return word.length() >= TELLING
        && word.length() < candidate.length()
        && candidate.startsWith(word);
  }

  /// The word of `known` that is least far from `word`, however far that is; the first of several.
  ///
  /// @param known not empty
  public static String nearest(String word, List<String> known) {
    String nearest = known.getFirst();
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /// The number of letters to add, drop, change or swap with their neighbor to make one word of the
  /// other, capital or not.
  public static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
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
