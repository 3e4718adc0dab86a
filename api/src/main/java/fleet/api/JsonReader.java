package fleet.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import fleet.unit.Parsed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads JSON as Go's `encoding/json` did in fleet v1: names of fields in any case, the last of
/// several alike, fields that nobody asks for ignored, `null` for what is not there, halves of
/// characters replaced, and whatever follows the first value ignored.
///
/// A reader stands at a value; each method that takes one leaves it at the value's last token.
final class JsonReader {

  // Neither of the tables of names that these two build pays off in a process that reads one page.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /// Thrown where a value is not of the kind that is needed. Stays within this package.
  private static final class Misread extends IOException {
    private static final long serialVersionUID = 1;

    Misread(String message) {
      super(message);
    }
  }

  private final JsonParser parser;
  private String field = "";

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /// Reads the first value in `text`. The reasons `EOF` and `unexpected EOF` are Go's words for a
  /// text without a value, and for one that ends within it.
  static <T> Parsed<T> read(String text, JsonCodec<T> codec) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        return new Parsed.Malformed<>("EOF");
      }
      return new Parsed.Ok<>(codec.read(new JsonReader(parser)));
    } catch (JsonEOFException e) {
      return new Parsed.Malformed<>("unexpected EOF");
    } catch (JsonProcessingException e) {
      return new Parsed.Malformed<>(
          "invalid JSON in line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      return new Parsed.Malformed<>(String.valueOf(e.getMessage()));
    }
  }

  /// Reads the first field in `text` if it has that name and is a text; it is empty if not.
  static String leadingText(String text, String name) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      var json = new JsonReader(parser);
      return parser.nextToken() == JsonToken.START_OBJECT && name.equalsIgnoreCase(json.nextField())
          ? json.text()
          : "";
    } catch (IOException e) {
      return ""; // whoever reads the whole says what is wrong with it
    }
  }

  /// Goes to the next field of an object.
  ///
  /// Loop over it to the end; `null` counts as an object without fields.
  ///
  /// @return its name; null after the last
  @Nullable String nextField() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (parser.nextToken() != JsonToken.FIELD_NAME) {
      return null;
    }
    field = parser.currentName();
    parser.nextToken();
    return field;
  }

  /// Checks that an object comes, so that its fields can be asked for.
  ///
  /// @param orNull whether `null` may come as well
  void object(boolean orNull) throws IOException {
    if (!atObject() && !(orNull && parser.currentToken() == JsonToken.VALUE_NULL)) {
      throw misread("an object");
    }
  }

  boolean atObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /// Takes a text; `null` counts as an empty one.
  String text() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> wellFormed(parser.getText());
      case VALUE_NULL -> "";
      default -> throw misread("a string");
    };
  }

  long number() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw misread("a whole number");
    }
    return parser.getLongValue();
  }

  boolean flag() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw misread("a boolean");
    };
  }

  /// Takes an array; `null` counts as an empty one.
  <T> List<T> list(JsonCodec<T> element) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw misread("an array");
    }
    String name = field;
    var list = new ArrayList<T>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      field = name + "[" + list.size() + "]";
      list.add(element.read(this));
    }
    return list;
  }

  /// Takes an object of texts; `null` counts as an empty one.
  SortedMap<String, String> texts() throws IOException {
    object(true);
    var map = new TreeMap<String, String>();
    for (String name; (name = nextField()) != null; ) {
      map.put(wellFormed(name), text());
    }
    return map;
  }

  /// Passes over a value of any kind.
  void skip() throws IOException {
    parser.skipChildren();
  }

  private Misread misread(String expected) throws IOException {
    String found =
        switch (parser.currentToken()) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case VALUE_STRING -> "a string";
          case VALUE_TRUE, VALUE_FALSE -> "a boolean";
          case VALUE_NULL -> "null";
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
          case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "nothing";
        };
    String where = field.isEmpty() ? "" : field + ": ";
    return new Misread(where + "expected " + expected + ", found " + found);
  }

  /// A text whose every character can be written as UTF-8: `\ud800` alone can not.
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaceLoneSurrogates(text);
      }
    }
    return text;
  }

  private static String replaceLoneSurrogates(String text) {
    var well = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      boolean lone = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      well.appendCodePoint(lone ? '\ufffd' : point);
      i += Character.charCount(point);
    }
    return well.toString();
  }
}
