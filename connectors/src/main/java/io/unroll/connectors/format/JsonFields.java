package io.unroll.connectors.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Picks the wanted fields out of a JSON object in one pass; the rest is checked and skipped.
 *
 * <p>The wanted paths form a tree of names that the parser walks along. A path has two targets: the
 * nested field, and for a dotted name the field of the object itself that is called so; the second
 * wins. A name that comes twice in an object: the last one wins, with everything below it.
 */
final class JsonFields {

  /** Field names are looked up by value, so interning them would only fill the JVM's table. */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final Node root = new Node();
  private final int[] slots;

  /** The value of {@code paths.get(i)} goes to {@code slots[i]}. */
  JsonFields(List<FieldPath> paths, int[] slots) {
    this.slots = slots;
    for (int i = 0; i < paths.size(); i++) {
      FieldPath path = paths.get(i);
      Node node = root;
      for (String name : path.names()) {
        node = node.child(name);
      }
      node.add(2 * i);
      if (path.origin() != FieldPath.Origin.POINTER && path.names().size() > 1) {
        root.child(String.join(".", path.names())).add(2 * i + 1);
      }
    }
  }

  /** Puts each field's value into its slot, or {@link Value#MISSING}. */
  void read(String text, Value[] values) throws Unreadable {
    @Nullable Value[] found = new Value[2 * slots.length];
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new Unreadable("expected a JSON object, found " + name(first, text));
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

  private static void object(JsonParser parser, Node node, String text, @Nullable Value[] found)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Node child = node.children.get(parser.currentName());
      parser.nextToken();
      value(parser, child, text, found);
    }
  }

  private static void array(JsonParser parser, Node node, String text, @Nullable Value[] found)
      throws IOException {
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      value(parser, node.children.get(Integer.toString(i)), text, found);
    }
  }

  private static void value(
      JsonParser parser, @Nullable Node node, String text, @Nullable Value[] found)
      throws IOException {
    if (node == null) {
      parser.skipChildren();
      return;
    }
    node.forget(found);
    JsonToken token = parser.currentToken();
    if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
      if (node.targets.length > 0) {
        node.put(scalar(token, parser), found);
      }
      return;
    }
    long start = parser.currentTokenLocation().getCharOffset();
    if (node.children.isEmpty()) {
      parser.skipChildren();
    } else if (token == JsonToken.START_OBJECT) {
      object(parser, node, text, found);
    } else {
      array(parser, node, text, found);
    }
    if (node.targets.length > 0) {
      long end = parser.currentLocation().getCharOffset();
      String json = Text.compact(text.substring((int) start, (int) end));
      node.put(new Value(Value.Kind.STRUCTURE, json), found);
    }
  }

  private static Value scalar(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case VALUE_STRING -> Value.text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Value(Value.Kind.NUMBER, parser.getText()); // its own digits
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

  /** A name on the way to wanted fields. */
  private static final class Node {
    final Map<String, Node> children = new HashMap<>();
    int[] targets = {};

    Node child(String name) {
      return children.computeIfAbsent(name, any -> new Node());
    }

    void add(int target) {
      int[] longer = Arrays.copyOf(targets, targets.length + 1);
      longer[targets.length] = target;
      targets = longer;
    }

    void put(Value value, @Nullable Value[] found) {
      for (int target : targets) {
        found[target] = value;
      }
    }

    void forget(@Nullable Value[] found) {
      for (int target : targets) {
        found[target] = null;
      }
      for (Node child : children.values()) {
        child.forget(found);
      }
    }
  }
}
