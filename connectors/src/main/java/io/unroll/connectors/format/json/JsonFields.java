package io.unroll.connectors.format.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ParserMessage;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the wanted fields out of a JSON object in one pass over its text; the rest is checked and
 * skipped. Says what is wrong and where: {@link JsonStream} is faster, and leaves to this whatever
 * it cannot read.
 *
 * <p>A name that comes twice in an object: the last one wins, with everything below it.
 */
final class JsonFields {

  private static final JsonFactory JSON = JsonGrammar.factory();

  private final FieldTree root;
  private final int[] slots;

  /** The value of {@code paths.get(i)} goes to {@code slots[i]}. */
  JsonFields(List<FieldPath> paths, int[] slots) {
    this.slots = slots;
    this.root = FieldTree.of(paths);
  }

  /** Puts each field's value into its slot, or {@link Value#MISSING}. */
  void read(String text, Value[] values) throws Unreadable {
    @Nullable Value[] found = new Value[2 * slots.length];
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new Unreadable(
            "expected a JSON object, found "
                + name(first, text)
                + (first == JsonToken.START_ARRAY
                    ? ". Let its producer write a record for each element"
                    : ""));
      }
      object(parser, root, text, found);
      if (parser.nextToken() != null) {
        throw new Unreadable(
            "expected the end after the JSON object, found \""
                + Text.cut(text.substring((int) parser.currentTokenLocation().getCharOffset()))
                + '"');
      }
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
      throw new Unreadable("not JSON: " + problem(e) + (at < 0 ? "" : ", at character " + at));
    } catch (IOException | RuntimeException e) {
      // A string gives no I/O errors, and Jackson's own bugs must not stop a stream.
      throw new Unreadable("not JSON: " + Text.cut(e.toString()));
    }
    for (int i = 0; i < slots.length; i++) {
      Value flat = found[2 * i + 1];
      Value nested = found[2 * i];
      values[slots[i]] = flat != null ? flat : nested != null ? nested : Value.MISSING;
    }
  }

  private static void object(
      JsonParser parser, FieldTree node, String text, @Nullable Value[] found) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      FieldTree child = node.child(parser.currentName());
      parser.nextToken();
      value(parser, child, text, found);
    }
  }

  private static void array(JsonParser parser, FieldTree node, String text, @Nullable Value[] found)
      throws IOException {
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      value(parser, node.child(Integer.toString(i)), text, found);
    }
  }

  private static void value(
      JsonParser parser, @Nullable FieldTree node, String text, @Nullable Value[] found)
      throws IOException {
    if (node == null) {
      parser.skipChildren();
      return;
    }
    for (int target : node.below) {
      found[target] = null;
    }
    JsonToken token = parser.currentToken();
    if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
      if (node.targets.length > 0) {
        put(node, scalar(token, parser), found);
      }
      return;
    }
    long start = parser.currentTokenLocation().getCharOffset();
    if (node.isLeaf()) {
      parser.skipChildren();
    } else if (token == JsonToken.START_OBJECT) {
      object(parser, node, text, found);
    } else {
      array(parser, node, text, found);
    }
    if (node.targets.length > 0) {
      long end = parser.currentLocation().getCharOffset();
      Value structure = new Value(Value.Kind.STRUCTURE, "");
      structure.setStructure(text.substring((int) start, (int) end));
      put(node, structure, found);
    }
  }

  private static void put(FieldTree node, Value value, @Nullable Value[] found) {
    for (int target : node.targets) {
      found[target] = value;
    }
  }

  private static Value scalar(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case VALUE_STRING -> Value.text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        Value number = new Value(Value.Kind.NUMBER, parser.getText()); // its own digits
        if (parser.isNaN()) {
          number.setNotFinite(parser.getText());
        }
        yield number;
      }
      case VALUE_TRUE, VALUE_FALSE -> new Value(Value.Kind.BOOLEAN, parser.getText());
      default -> Value.NULL;
    };
  }

  private static String name(@Nullable JsonToken token, String text) {
    if (token == null) {
      return "nothing";
    }
    return token == JsonToken.START_ARRAY ? "an array" : Text.cut(text.strip());
  }

  private static String problem(JsonProcessingException e) {
    return e instanceof JsonEOFException ? "it ends in the middle" : ParserMessage.of(e);
  }
}
