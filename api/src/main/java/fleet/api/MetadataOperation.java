package fleet.api;

import java.io.IOException;
import java.util.List;

/// One operation of a JSON Patch (RFC 6902) on the metadata of machines, as it was sent.
///
/// @param op `add`, `remove` or `replace`, if the sender knew
/// @param path `/<machine>/metadata/<key>`
/// @param value sent as text, or as fleet v1 had it: `{"value":"<text>"}`; empty if not sent
public record MetadataOperation(String op, String path, String value) {

  private static final RecordCodec<String> WRAPPED =
      new RecordCodec<>("") {
        @Override
        String pass(Fields fields, String value) {
          return fields.text("value", value);
        }
      };

  private static final JsonCodec<String> VALUE =
      new JsonCodec<>("") {
        @Override
        String read(JsonReader json) throws IOException {
          return json.atObject() ? WRAPPED.read(json) : json.text();
        }

        @Override
        void write(JsonWriter json, String value) {
          json.value(value);
        }
      };

  static final JsonCodec<MetadataOperation> JSON =
      new RecordCodec<>(new MetadataOperation("", "", "")) {
        @Override
        MetadataOperation pass(Fields fields, MetadataOperation operation) {
          return new MetadataOperation(
              fields.text("op", operation.op),
              fields.text("path", operation.path),
              fields.field("value", VALUE, operation.value));
        }
      };

  /// A JSON Patch.
  public static final JsonCodec<List<MetadataOperation>> PATCH = JsonValues.list(JSON);
}
