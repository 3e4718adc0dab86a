package fleet.cluster;

/// Names one machine for all time: the contents of its `/etc/machine-id` (machine-id(5)).
public record MachineId(String text) implements Comparable<MachineId> {

  private static final int BRIEF = 8;

  /// The first eight characters, as lists show them and as `MachineID=` accepts them.
  public String brief() {
    return text.length() <= BRIEF ? text : text.substring(0, BRIEF);
  }

  @Override
  public int compareTo(MachineId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
