package fleet.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads and writes records of one kind by one description of their fields: [#pass].
///
/// To write a record, its fields are collected in passing, and written in alphabetical order, as
/// fleet v1 did. To read one, fields are read in the order in which they come, and then given to a
/// record in passing.
///
/// Names count in any case, as they did in fleet v1, whose clients rely on it. The last of several
/// fields of one name counts, and fields that are not described are ignored.
abstract class RecordCodec<T> extends JsonCodec<T> {

  /// What a record passes through, field by field.
  interface Fields {

    /// Passes one field.
    ///
    /// @param value what the record has
    /// @return what a record should have that is made from these fields
    <V> V field(String name, JsonCodec<V> codec, V value);

    /// Passes a text, which is left out if it is empty.
    default String text(String name, String value) {
      return field(name, JsonValues.TEXT, value);
    }

    /// Passes a number, which is left out if it is 0.
    default long count(String name, long value) {
      return field(name, JsonValues.NUMBER, value);
    }

    /// Passes a flag, which is left out if it is false.
    default boolean flag(String name, boolean value) {
      return field(name, JsonValues.FLAG, value);
    }
  }

  private final T nothing;
  private volatile @Nullable Known known;

  /// @param nothing what is read where nothing is said: it has the defaults
  RecordCodec(T nothing) {
    super(nothing);
    this.nothing = nothing;
  }

  /// Passes each field of a record, and makes a record of what `fields` gives back. Which fields
  /// these are, and in which order they pass, must not depend on the record.
  abstract T pass(Fields fields, T value);

  /// Whether `null` stands for the record of which nothing is said.
  boolean takesNull() {
    return false;
  }

  @Override
  final void write(JsonWriter json, T value) {
    List<Field<?>> fields = collected(value);
    json.beginObject();
    for (int place : known().alphabetical) {
      fields.get(place).write(json);
    }
    json.endObject();
  }

  @Override
  final T read(JsonReader json) throws IOException {
    json.object(takesNull());
    List<Field<?>> fields = known().fields;
    var values = new Object[fields.size()];
    for (String name; (name = json.nextField()) != null; ) {
      int place = place(fields, name);
      if (place < 0) {
        json.skip();
      } else {
        values[place] = fields.get(place).codec.read(json);
      }
    }
    return pass(new FieldFiller(values), nothing);
  }

  private static int place(List<Field<?>> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name.equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  private Known known() {
    Known fields = known;
    if (fields == null) {
      fields = new Known(collected(nothing));
      known = fields;
    }
    return fields;
  }

  private List<Field<?>> collected(T value) {
    var collector = new FieldCollector();
    pass(collector, value);
    return collector.fields;
  }

  /// Which fields a record has, found out once.
  private static final class Known {
    final List<Field<?>> fields;

    /// The places of the fields in the order of their names.
    final int[] alphabetical;

    Known(List<Field<?>> fields) {
      this.fields = fields;
      this.alphabetical = new int[fields.size()];
      var places = new TreeMap<String, Integer>();
      for (int i = 0; i < fields.size(); i++) {
        places.put(fields.get(i).name, i);
      }
      int next = 0;
      for (int place : places.values()) {
        alphabetical[next++] = place;
      }
    }
  }

  /// One field of a record.
  private record Field<V>(String name, JsonCodec<V> codec, V value) {

    void write(JsonWriter json) {
      if (!codec.leavesOut(value)) {
        json.name(name);
        codec.write(json, value);
      }
    }
  }

  /// Collects the fields of a record.
  private static final class FieldCollector implements Fields {
    final List<Field<?>> fields = new ArrayList<>();

    @Override
    public <V> V field(String name, JsonCodec<V> codec, V value) {
      fields.add(new Field<>(name, codec, value));
      return value;
    }
  }

  /// Fills a record with the fields that were read; the others stay as they are.
  private static final class FieldFiller implements Fields {
    private final @Nullable Object[] values;
    private int next;

    FieldFiller(@Nullable Object[] values) {
      this.values = values;
    }

    @Override
    @SuppressWarnings("unchecked") // the codec of the same field has read it, or nothing has
    public <V> V field(String name, JsonCodec<V> codec, V value) {
      Object read = values[next++];
      return read == null ? value : (V) read;
    }
  }
}
