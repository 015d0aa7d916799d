package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Builds a JSON object in one line. */
final class JsonLine {

  private static final JsonMapper JSON = new JsonMapper();

  private final StringBuilder line = new StringBuilder("{");
  private boolean first = true;

  JsonLine text(String name, String text) {
    return raw(name, Text.quote(text));
  }

  JsonLine number(String name, long number) {
    name(name);
    line.append(number);
    return this;
  }

  JsonLine number(String name, float number) {
    String text = shortest(number);
    return raw(name, Float.isFinite(number) ? text : Text.quote(text));
  }

  /** {@code json} as it is; it must be one line. */
  JsonLine raw(String name, String json) {
    name(name);
    line.append(json);
    return this;
  }

  /** Text if it is UTF-8, else {@code NAME-base64}; null where there are no bytes. */
  JsonLine bytes(String name, byte @Nullable [] bytes) {
    if (bytes == null) {
      return raw(name, "null");
    }
    try {
      return text(name, Text.decode(bytes, name));
    } catch (Unreadable e) {
      return text(name + "-base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  JsonLine open(String name) {
    name(name);
    line.append('{');
    first = true;
    return this;
  }

  JsonLine close() {
    line.append('}');
    first = false;
    return this;
  }

  byte[] end() {
    return line.append('}').toString().getBytes(UTF_8);
  }

  private void name(String name) {
    if (!first) {
      line.append(',');
    }
    first = false;
    line.append(Text.quote(name)).append(':');
  }

  /** The shortest text that reads back as {@code number}; JDK 17's own is sometimes longer. */
  static String shortest(float number) {
    return NumberOutput.toString(number, true);
  }

  /** What a JSON value says as plain text: a string's content, nothing for null. */
  static String plain(String json) {
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
