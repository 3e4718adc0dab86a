package fleet.api;

import java.io.IOException;
import java.util.List;

/// The codecs of what several records are made of.
final class JsonValues {

  /// A text, which is left out if it is empty.
  static final JsonCodec<String> TEXT =
      new JsonCodec<>("") {
        @Override
        String read(JsonReader json) throws IOException {
          return json.text();
        }

        @Override
        void write(JsonWriter json, String value) {
          json.value(value);
        }
      };

  /// A whole number, which is left out if it is 0.
  static final JsonCodec<Long> NUMBER =
      new JsonCodec<>(0L) {
        @Override
        Long read(JsonReader json) throws IOException {
          return json.number();
        }

        @Override
        void write(JsonWriter json, Long value) {
          json.value(value);
        }
      };

  /// A flag, which is left out if it is false.
  static final JsonCodec<Boolean> FLAG =
      new JsonCodec<>(false) {
        @Override
        Boolean read(JsonReader json) throws IOException {
          return json.flag();
        }

        @Override
        void write(JsonWriter json, Boolean value) {
          json.value(value);
        }
      };

  private JsonValues() {}

  /// A list, which is left out if it is empty.
  static <T> JsonCodec<List<T>> list(JsonCodec<T> item) {
    return new JsonCodec<>(List.of()) {
      @Override
      List<T> read(JsonReader json) throws IOException {
        return json.list(item);
      }

      @Override
      void write(JsonWriter json, List<T> items) {
        json.beginArray();
        for (T each : items) {
          item.write(json, each);
        }
        json.endArray();
      }
    };
  }
}
