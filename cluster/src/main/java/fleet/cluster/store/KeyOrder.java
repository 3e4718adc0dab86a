package fleet.cluster.store;

import java.util.Comparator;

/// The order of keys: by code point.
///
/// That is the order of their bytes in UTF-8, in which etcd sorts. It is not the order of
/// [String#compareTo], which puts what lies beyond U+FFFF before U+E000.
public enum KeyOrder implements Comparator<String> {
  BY_CODE_POINT;

  @Override
  public int compare(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean beyond = Character.isSurrogate(x);
        return beyond == Character.isSurrogate(y) ? Character.compare(x, y) : beyond ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
