package io.unroll.connectors.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Values in a line of JSON. */
public final class JsonLine {

  private static final JsonMapper JSON = new JsonMapper();

  private JsonLine() {}

  /** The shortest text that reads back as {@code number}; JDK 17's own is sometimes longer. */
  static String shortest(float number) {
    return NumberOutput.toString(number, true);
  }

  /** The shortest text that reads back as {@code number}; JDK 17's own is sometimes longer. */
  static String shortest(double number) {
    return NumberOutput.toString(number, true);
  }

  /** What a JSON value says as plain text: a string's content, nothing for null. */
  public static String plain(String json) {
    if (json.equals("null")) {
      return "";
    }
    if (!json.startsWith("\"")) {
      return json;
    }
    try {
      JsonNode node = JSON.readTree(json);
      return node.asText();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("kept field: expected JSON, found " + json, e);
    }
  }
}
