package io.unroll.connectors.format.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON text as maps, lists and texts, for a look at its shape; anything else is {@link #OTHER}.
 */
final class JsonTree {
  /** A number, true, false or null. */
  static final Object OTHER = new Object();

  private static final JsonFactory JSON = JsonGrammar.factory();

  private JsonTree() {}

  /** {@link #OTHER} too for what is no JSON. */
  static Object of(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      return value(parser);
    } catch (IOException | RuntimeException e) {
      return OTHER; // what is wrong with it is said where it is read
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Object> object = new HashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        object.put(name, value(parser));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(parser));
      }
      return list;
    }
    return token == JsonToken.VALUE_STRING ? parser.getText() : OTHER;
  }
}
