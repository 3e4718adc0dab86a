package fleet.api;

/// Writes JSON byte for byte as Go's `encoding/json` did in fleet v1: no white space, `<`, `>` and
/// `&` escaped so that it can stand in HTML, U+2028 and U+2029 so that it can stand in JavaScript.
///
/// Written by hand, since the escapes leave little of a library's generator to use, and since
/// `fleetctl` starts faster without one.
final class JsonWriter {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder(256);

  JsonWriter beginObject() {
    return begin('{');
  }

  JsonWriter endObject() {
    out.append('}');
    return this;
  }

  JsonWriter beginArray() {
    return begin('[');
  }

  JsonWriter endArray() {
    out.append(']');
    return this;
  }

  private JsonWriter begin(char bracket) {
    separate();
    out.append(bracket);
    return this;
  }

  /// Writes the name of what comes next.
  JsonWriter name(String name) {
    value(name);
    out.append(':');
    return this;
  }

  JsonWriter value(String text) {
    separate();
    quote(text);
    return this;
  }

  void value(long number) {
    separate();
    out.append(number);
  }

  void value(boolean flag) {
    separate();
    out.append(flag);
  }

  String text() {
    return out.toString();
  }

  private void separate() {
    if (out.isEmpty()) {
      return;
    }
    char last = out.charAt(out.length() - 1);
    if (last != '{' && last != '[' && last != ':') {
      out.append(',');
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '<', '>', '&', '\u2028', '\u2029' -> escape(c);
        default -> {
          if (c < ' ') {
            escape(c);
          } else if (!Character.isSurrogate(c)) {
            out.append(c);
          } else if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            out.append(c).append(text.charAt(++i));
          } else {
            out.append("\\ufffd"); // half a character: UTF-8 has no form for it
          }
        }
      }
    }
    out.append('"');
  }

  private void escape(char c) {
    out.append("\\u")
        .append(HEX.charAt(c >> 12))
        .append(HEX.charAt((c >> 8) & 15))
        .append(HEX.charAt((c >> 4) & 15))
        .append(HEX.charAt(c & 15));
  }
}
