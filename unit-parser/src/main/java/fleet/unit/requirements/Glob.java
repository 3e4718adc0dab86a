package fleet.unit.requirements;

/// A pattern of unit names, as in `Conflicts=web@*.service`: Go's `path.Match`.
public record Glob(String pattern) implements Comparable<Glob> {

  /// Whether the whole of `name` fits the pattern. A malformed pattern fits nothing.
  public boolean matches(String name) {
    var matcher = new GlobMatcher(pattern);
    return matcher.wellFormed() && matcher.matches(name);
  }

  /// Whether the pattern means anything: `web@[12` does not.
  public boolean wellFormed() {
    return new GlobMatcher(pattern).wellFormed();
  }

  @Override
  public int compareTo(Glob other) {
    return pattern.compareTo(other.pattern);
  }

  @Override
  public String toString() {
    return pattern;
  }
}
