package fleet.unit;

/// The fingerprint of a unit file: the SHA-1 of its printed text, 40 lower-case hex digits.
///
/// Two files with the same fingerprint are the same to fleet. Names are not part of it.
public record UnitHash(String text) implements Comparable<UnitHash> {

  /// The first seven digits, as lists show them.
  public String brief() {
    return text.length() <= 7 ? text : text.substring(0, 7);
  }

  @Override
  public int compareTo(UnitHash other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
