package fleet.api;

import fleet.unit.Parsed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads values of one type from JSON, and writes them as fleet v1 did: compact, the fields of an
/// object in alphabetical order, empty ones left out.
///
/// Each record of this package has a constant `JSON`, a [RecordCodec] that describes its fields
/// once, and `PAGE` if there are lists of it. There is no reflection in them, and no lambda, since
/// `fleetctl` pays for either at each start. A codec comes into being with its record, so that
/// nobody pays for the others.
public abstract class JsonCodec<T> {

  private final @Nullable T leftOut;

  /// @param leftOut a field that has this value is left out: its reader has the same default; null
  ///     if a field is always written
  JsonCodec(@Nullable T leftOut) {
    this.leftOut = leftOut;
  }

  /// Reads the first value in a text. This is total: a text of any kind gives a value or a reason.
  public final Parsed<T> read(String json) {
    return JsonReader.read(json, this);
  }

  /// Writes a value as a text of its own.
  public final String write(T value) {
    var json = new JsonWriter();
    write(json, value);
    return json.text();
  }

  /// Takes the value that a reader stands at.
  abstract T read(JsonReader json) throws IOException;

  abstract void write(JsonWriter json, T value);

  /// The same codec for a field that is always written.
  final JsonCodec<T> always() {
    JsonCodec<T> same = this;
    return new JsonCodec<>(null) {
      @Override
      T read(JsonReader json) throws IOException {
        return same.read(json);
      }

      @Override
      void write(JsonWriter json, T value) {
        same.write(json, value);
      }
    };
  }

  final boolean leavesOut(T value) {
    return value.equals(leftOut);
  }
}
