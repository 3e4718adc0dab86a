package fleet.unit.requirements;

/// Go's `path.Match`, which fleet 1.0 compared unit names with.
///
/// ```
/// pattern = { term }
/// term    = "*"                       any run of characters but "/"
///         | "?"                       one character but "/"
///         | "[" [ "^" ] range … "]"   one character of these, or not of these; at least one range
///         | "\" character             that character
///         | character                 itself
/// range   = character | "\" character | range "-" range
/// ```
///
/// After a `*` the earliest fit of what follows decides, so that the work is at most the length of
/// the name times that of the pattern.
final class GlobMatcher {

  private static final int NOWHERE = -1;

  private final String pattern;

  GlobMatcher(String pattern) {
    this.pattern = pattern;
  }

  /// Whether the pattern follows the grammar.
  boolean wellFormed() {
    int at = 0;
    while (at != NOWHERE && at < pattern.length()) {
      at = afterTerm(at);
    }
    return at != NOWHERE;
  }

  /// Whether the whole of `name` fits the pattern, which must be well-formed.
  boolean matches(String name) {
    int at = 0;
    int n = 0;
    int afterStar = NOWHERE;
    int retry = 0;
    while (n < name.length() || at < pattern.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        afterStar = ++at;
        retry = n;
      } else if (at < pattern.length() && n < name.length() && fits(at, name.codePointAt(n))) {
        at = afterTerm(at);
        n = name.offsetByCodePoints(n, 1);
      } else if (afterStar != NOWHERE && retry < name.length() && name.charAt(retry) != '/') {
        retry = name.offsetByCodePoints(retry, 1);
        at = afterStar;
        n = retry;
      } else {
        return false;
      }
    }
    return true;
  }

  /// Whether the term at `at`, no `*`, takes the character `c`.
  private boolean fits(int at, int c) {
    return switch (pattern.charAt(at)) {
      case '?' -> c != '/';
      case '[' -> inClass(at + 1, c);
      case '\\' -> pattern.codePointAt(at + 1) == c;
      default -> pattern.codePointAt(at) == c;
    };
  }

  private boolean inClass(int start, int c) {
    boolean negated = pattern.charAt(start) == '^';
    int at = negated ? start + 1 : start;
    boolean found = false;
    do {
      int low = classCharacter(at);
      int high = low;
      at = afterClassCharacter(at);
      if (pattern.charAt(at) == '-') {
        high = classCharacter(at + 1);
        at = afterClassCharacter(at + 1);
      }
      found |= low <= c && c <= high;
    } while (pattern.charAt(at) != ']');
    return found != negated;
  }

  /// Where the term at `at` ends, or NOWHERE if it is malformed.
  private int afterTerm(int at) {
    return switch (pattern.charAt(at)) {
      case '[' -> afterClass(at + 1);
      case '\\' -> at + 1 < pattern.length() ? pattern.offsetByCodePoints(at + 1, 1) : NOWHERE;
      default -> pattern.offsetByCodePoints(at, 1);
    };
  }

  private int afterClass(int start) {
    int at = start < pattern.length() && pattern.charAt(start) == '^' ? start + 1 : start;
    do {
      at = afterClassCharacter(at);
      if (at != NOWHERE && pattern.charAt(at) == '-') {
        at = afterClassCharacter(at + 1);
      }
    } while (at != NOWHERE && pattern.charAt(at) != ']');
    return at == NOWHERE ? NOWHERE : at + 1;
  }

  private int classCharacter(int at) {
    return pattern.codePointAt(pattern.charAt(at) == '\\' ? at + 1 : at);
  }

  /// Where the character at `at` in a class ends; something must follow it, at least a `]`.
  private int afterClassCharacter(int at) {
    if (at >= pattern.length() || pattern.charAt(at) == '-' || pattern.charAt(at) == ']') {
      return NOWHERE;
    }
    int character = pattern.charAt(at) == '\\' ? at + 1 : at;
    if (character >= pattern.length()) {
      return NOWHERE;
    }
    int after = pattern.offsetByCodePoints(character, 1);
    return after < pattern.length() ? after : NOWHERE;
  }
}
