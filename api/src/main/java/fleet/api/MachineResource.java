package fleet.api;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A machine that is present.
///
/// @param primaryIp where other machines reach it; empty if it has not found out
public record MachineResource(String id, String primaryIp, SortedMap<String, String> metadata) {

  private static final JsonCodec<SortedMap<String, String>> METADATA =
      new JsonCodec<>(new TreeMap<>()) {
        @Override
        SortedMap<String, String> read(JsonReader json) throws IOException {
          return json.texts();
        }

        @Override
        void write(JsonWriter json, SortedMap<String, String> texts) {
          json.beginObject();
          for (Map.Entry<String, String> entry : texts.entrySet()) {
            json.name(entry.getKey()).value(entry.getValue());
          }
          json.endObject();
        }
      };

  public static final JsonCodec<MachineResource> JSON =
      new RecordCodec<>(new MachineResource("", "", new TreeMap<>())) {
        @Override
        MachineResource pass(Fields fields, MachineResource machine) {
          return new MachineResource(
              fields.text("id", machine.id),
              fields.text("primaryIP", machine.primaryIp),
              fields.field("metadata", METADATA, machine.metadata));
        }
      };

  public static final JsonCodec<ListPage<MachineResource>> PAGE = ListPage.codec("machines", JSON);

  public MachineResource {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
  }
}
