package fleet.store.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Bytes that do not change, in the order of unsigned bytes: that is, for UTF-8, of code points.
public final class Bytes implements Comparable<Bytes> {

  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  public static Bytes copyOf(byte[] array) {
    return new Bytes(array.clone());
  }

  /// Without a copy: nobody may change the array afterwards.
  public static Bytes owning(byte[] array) {
    return new Bytes(array);
  }

  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// As text; what is not UTF-8 reads as U+FFFD.
  public String text() {
    return new String(array, StandardCharsets.UTF_8);
  }

  public int length() {
    return array.length;
  }

  /// The bytes themselves, not to be changed.
  public byte[] array() {
    return array;
  }

  Bytes prefix(int length) {
    return new Bytes(Arrays.copyOf(array, length));
  }

  /// The least that is greater.
  Bytes next() {
    return new Bytes(Arrays.copyOf(array, array.length + 1));
  }

  /// The least that is greater than all that begin with this; empty if there is none.
  Optional<Bytes> afterAllUnder() {
    for (int last = array.length - 1; last >= 0; last--) {
      if (array[last] != (byte) 0xff) {
        byte[] end = Arrays.copyOf(array, last + 1);
        end[last]++;
        return Optional.of(new Bytes(end));
      }
    }
    return Optional.empty();
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return text();
  }
}
