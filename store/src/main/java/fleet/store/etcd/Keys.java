package fleet.store.etcd;

import com.google.protobuf.ByteString;

/// Keys as bytes, and ranges of them as etcd writes them.
final class Keys {

  /// As a first key, the first there can be; as the end of a range, that it has none.
  private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

  private Keys() {}

  /// Keys that lie next to each other.
  ///
  /// @param first the first key
  /// @param end the first key after them; one zero byte if there is no end
  record Span(ByteString first, ByteString end) {

    /// What comes after `key`.
    Span after(ByteString key) {
      return new Span(key.concat(ZERO), end);
    }
  }

  /// All keys that begin with `prefix`.
  static Span under(String prefix) {
    if (prefix.isEmpty()) {
      return new Span(ZERO, ZERO);
    }
    // No byte of UTF-8 is 0xff, so the last can be raised.
    byte[] end = ByteString.copyFromUtf8(prefix).toByteArray();
    end[end.length - 1]++;
    return new Span(ByteString.copyFromUtf8(prefix), ByteString.copyFrom(end));
  }
}
