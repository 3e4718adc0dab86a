package fleet.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Laws of every record that has a codec: they are found in the package, so that none is forgotten.
class RecordCodecTest {

  private static final int SEEDS = 100;

  private static final List<String> TEXTS =
      List.of("a.service", "\"\\/<&>", "é\ud83d\ude80\u2028", "{}", "null", " \n");

  private static final Pattern NAME = Pattern.compile("\"(\\w+)\":");

  /// Every record of the package, apart from lists and what is never read.
  static List<Class<?>> records() throws Exception {
    Path home =
        Path.of(UnitResource.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var records = new ArrayList<Class<?>>();
    try (Stream<Path> files = Files.list(home.resolve("fleet/api"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.matches("\\w+Resource(\\$[A-Z]\\w+)?\\.class|MetadataOperation\\.class")) {
          records.add(Class.forName("fleet.api." + name.replace(".class", "")));
        }
      }
    }
    assertTrue(records.size() >= 15, records::toString);
    return records;
  }

  @SuppressWarnings("unchecked")
  private static JsonCodec<Object> codec(Class<?> type) throws ReflectiveOperationException {
    Field json = type.getDeclaredField("JSON");
    return (JsonCodec<Object>) json.get(null);
  }

  @ParameterizedTest
  @MethodSource("records")
  void recordIsReadAsItWasWritten(Class<?> type) throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      Object record = any(type, new Random(seed), seed % 2 == 0);

      assertEquals(new Ok<>(record), codec(type).read(codec(type).write(record)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void namesOfFieldsCountInAnyCase(Class<?> type) throws Exception {
    Object record = any(type, new Random(7), true);

    String json =
        NAME.matcher(codec(type).write(record))
            .replaceAll(name -> name.group().toUpperCase(Locale.ROOT));

    assertEquals(new Ok<>(record), codec(type).read(json));
  }

  @ParameterizedTest
  @MethodSource("records")
  void unknownFieldsAreIgnoredAndTheLastOfSeveralCounts(Class<?> type) throws Exception {
    String first = codec(type).write(any(type, new Random(1), true));
    Object second = any(type, new Random(2), true);

    String json =
        first.substring(0, first.length() - 1)
            + ",\"unheard-of\":[{\"x\":[null]},7],"
            + codec(type).write(second).substring(1);

    assertEquals(new Ok<>(second), codec(type).read(json));
  }

  @ParameterizedTest
  @MethodSource("records")
  void fieldsAreWrittenInAlphabeticalOrder(Class<?> type) throws Exception {
    String json = codec(type).write(any(type, new Random(3), true));

    var last = new ArrayDeque<String>();
    try (var parser = new JsonFactory().createParser(json)) {
      for (JsonToken token; (token = parser.nextToken()) != null; ) {
        switch (token) {
          case START_OBJECT -> last.push("");
          case END_OBJECT -> last.pop();
          case FIELD_NAME -> {
            String before = last.pop();
            assertTrue(before.compareTo(parser.currentName()) < 0, json);
            last.push(parser.currentName());
          }
          default -> {}
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void fieldsOfAnyWrongTypeHaveAReasonThatNamesThem(Class<?> type) throws Exception {
    var fields = new ArrayList<String>();
    try (var parser =
        new JsonFactory().createParser(codec(type).write(any(type, new Random(4), true)))) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        fields.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    }

    for (String field : fields) {
      Parsed<Object> read = codec(type).read("{\"" + field + "\":1.5}");

      assertTrue(
          read instanceof Malformed<Object>(var reason)
              && reason.matches(field + ": expected (a|an) [a-z ]+, found a number"),
          () -> field + " of " + type + ": " + read);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "ErrorResource | {\"error\":null} | error: expected an object, found null",
        "ErrorResource | {\"error\":{\"code\":\"7\"}} | code: expected a whole number, found a"
            + " string",
        "ErrorResource | {\"error\":{\"code\":null}} | code: expected a whole number, found null",
        "OrderResource | null | expected an object, found null",
        "OrderResource | {\"options\":[7]} | options[0]: expected an object, found a number",
        "UnitResource | {\"name\":7,\"name\":\"a\"} | name: expected a string, found a number",
        "UnitResource | {\"options\":[{\"NAME\":true}]} | NAME: expected a string, found a boolean",
        "UnitStateResource | {\"crashLooping\":0} | crashLooping: expected a boolean, found a"
            + " number",
        "UnitStateResource | {\"restarts\":1e2} | restarts: expected a whole number, found a"
            + " number",
        "MachineResource | {\"metadata\":[]} | metadata: expected an object, found an array",
        "MachineResource | {\"metadata\":{\"k\":{}}} | k: expected a string, found an object",
        "SilentMachineResource | {\"units\":[\"a\",[]]} | units[1]: expected a string, found an"
            + " array",
        "GivenOrderResource | {\"outcomes\":[{\"after\":null}]} | after: expected an object, found"
            + " null",
        "ExplanationResource | {\"states\":[{\"log\":{}}]} | log: expected an array, found an"
            + " object",
        "MetadataOperation | {\"value\":{\"value\":[]}} | value: expected a string, found an array",
      })
  void reasonsAreThoseThatClientsKnow(String type, String json, String reason) throws Exception {
    assertEquals(new Malformed<>(reason), codec(Class.forName("fleet.api." + type)).read(json));
  }

  @ParameterizedTest
  @CsvSource({"{}", "null"})
  void restartMayBeAskedForWithNothing(String json) {
    assertEquals(new Ok<>(""), RestartResource.REQUEST.read(json));
  }

  /// Makes a record of any values.
  ///
  /// @param full whether no field may have the value that is left out
  private static Object any(Class<?> type, Random random, boolean full) throws Exception {
    var types = new ArrayList<Class<?>>();
    var values = new ArrayList<Object>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
      values.add(any(component.getType(), component.getGenericType(), random, full));
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types.toArray(new Class<?>[0]));
    return constructor.newInstance(values.toArray());
  }

  private static Object any(Class<?> type, Type generic, Random random, boolean full)
      throws Exception {
    boolean some = full || random.nextBoolean();
    if (type == String.class) {
      return some ? TEXTS.get(random.nextInt(TEXTS.size())) : "";
    }
    if (type == long.class) {
      return some ? random.nextLong(1, Long.MAX_VALUE) : 0L;
    }
    if (type == boolean.class) {
      return some;
    }
    if (type == SortedMap.class) {
      return some ? new TreeMap<>(java.util.Map.of("K1", "v", "K2", "")) : new TreeMap<>();
    }
    if (type == List.class) {
      var items = new ArrayList<Object>();
      var item = (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0];
      for (int i = some ? random.nextInt(1, 3) : 0; i > 0; i--) {
        items.add(any(item, item, random, full));
      }
      return items;
    }
    assertTrue(type.isRecord() || type == UnitOption.class, type::toString);
    return any(type, random, full);
  }
}
