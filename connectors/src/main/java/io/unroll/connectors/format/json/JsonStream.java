package io.unroll.connectors.format.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Numbers;
import io.unroll.connectors.format.Utf8;
import io.unroll.connectors.format.Value;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the wanted fields out of one JSON record after the other, straight from their bytes.
 *
 * <p>One parser reads all records, as if they were one endless input: Jackson's parser for input
 * that comes in pieces, which is there to be fed, so nothing is made per record but the texts that
 * are asked for. Numbers that only features or the timestamp need never become text.
 *
 * <p>It knows good records only. Whatever looks wrong, or only unusual, it leaves to {@link
 * JsonFields}, which reads the record again and finds the words; where both read a record, they
 * read the same. Not safe to share between threads.
 */
final class JsonStream {

  private static final JsonFactory JSON = JsonGrammar.factory();

  /**
   * Larger records are left to {@link JsonFields}: below it no limit on names and texts can be met
   * that the two parsers count differently. (bytes)
   */
  private static final int LARGEST = 32 * 1024;

  /** Longer numbers are, too: the parser of bytes knows no limit for them. (characters) */
  private static final int LONGEST_NUMBER = 256;

  /**
   * A parser remembers every field name it has seen, so it is replaced when it has read so much:
   * records that make up names must not fill the memory. (bytes)
   */
  private static final long PARSER_LIFETIME = 4 * 1024 * 1024;

  /** Any number of so many digits is a long. */
  private static final int LONG_DIGITS = 18;

  private final FieldTree root;
  private final int[] slots;

  /** The wanted values, two per path: see {@link FieldTree}. */
  private final Value[] cells;

  /**
   * The record that a cell's value is of; any other number if the current one has no such field.
   */
  private final long[] seen;

  private long current;

  /** Cells whose numbers are wanted with their own digits. */
  private final boolean[] digits;

  private @Nullable JsonParser parser;

  /** Bytes that the parser has been fed before the current record. */
  private long fed;

  private byte[] record = {};

  /**
   * The value of {@code paths.get(i)} goes to {@code slots[i]}.
   *
   * @param digits slots whose numbers are wanted as they are written
   */
  JsonStream(List<FieldPath> paths, int[] slots, BitSet digits) {
    this.root = FieldTree.of(paths);
    this.slots = slots;
    this.cells = new Value[2 * slots.length];
    this.seen = new long[2 * slots.length];
    this.digits = new boolean[2 * slots.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new Value(Value.Kind.MISSING, "");
      this.digits[i] = digits.get(slots[i / 2]);
    }
  }

  /**
   * Puts each field's value into its slot. They are good until the next record is read.
   *
   * @return false if {@link JsonFields} has to read the record
   */
  boolean read(byte[] bytes, Value[] values) {
    int end = bytes.length;
    while (end > 0 && isSpace(bytes[end - 1])) {
      end--;
    }
    if (end == 0 || end > LARGEST || bytes[0] != '{' || !Utf8.isValid(bytes)) {
      return false;
    }
    current++;
    record = bytes;
    boolean read = false;
    try {
      read = whole(bytes, end);
    } catch (IOException | RuntimeException e) {
      // JsonFields will say it better, or read the record all the same.
      read = false;
    } finally {
      if (!read) {
        drop();
      }
    }
    if (read) {
      for (int i = 0; i < slots.length; i++) {
        int flat = 2 * i + 1;
        int nested = 2 * i;
        Value value =
            seen[flat] == current
                ? cells[flat]
                : seen[nested] == current ? cells[nested] : Value.MISSING;
        // References into old objects are dear to the garbage collector, and seldom change.
        if (values[slots[i]] != value) {
          values[slots[i]] = value;
        }
      }
    }
    return read;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private boolean whole(byte[] bytes, int end) throws IOException {
    JsonParser from = parser();
    ByteArrayFeeder feeder = (ByteArrayFeeder) from.getNonBlockingInputFeeder();
    feeder.feedInput(bytes, 0, end);
    boolean whole =
        from.nextToken() == JsonToken.START_OBJECT
            && object(from, root)
            // Behind the object must be nothing: the parser would take it for the next record.
            && feeder.needMoreInput();
    fed += end;
    return whole;
  }

  private JsonParser parser() throws IOException {
    if (fed > PARSER_LIFETIME) {
      drop();
    }
    JsonParser ready = parser;
    if (ready == null) {
      ready = JSON.createNonBlockingByteArrayParser();
      parser = ready;
      fed = 0;
    }
    return ready;
  }

  /** After trouble nobody knows what state the parser is in. */
  private void drop() {
    JsonParser old = parser;
    parser = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        throw new IllegalStateException("a parser of bytes in memory has nothing to close", e);
      }
    }
  }

  /** Reads to the end of the object; false if it is not whole. */
  private boolean object(JsonParser from, FieldTree node) throws IOException {
    int place = 0;
    JsonToken token = from.nextToken();
    while (token == JsonToken.FIELD_NAME) {
      FieldTree child = node.child(from.currentName(), place);
      if (!value(from, from.nextToken(), child)) {
        return false;
      }
      token = from.nextToken();
      place++;
    }
    return token == JsonToken.END_OBJECT;
  }

  /** Reads to the end of the array; false if it is not whole. */
  private boolean array(JsonParser from, FieldTree node) throws IOException {
    int i = 0;
    JsonToken token = from.nextToken();
    while (token != JsonToken.END_ARRAY) {
      if (!value(from, token, node.child(Integer.toString(i)))) {
        return false;
      }
      token = from.nextToken();
      i++;
    }
    return true;
  }

  private boolean value(JsonParser from, JsonToken token, @Nullable FieldTree node)
      throws IOException {
    boolean structure = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
    if (!structure && (!token.isScalarValue() || isLong(from, token))) {
      return false;
    }
    if (node == null) {
      return !structure || skip(from);
    }
    for (int target : node.below) {
      seen[target] = current - 1;
    }
    if (!structure) {
      for (int target : node.targets) {
        scalar(from, token, target);
      }
      return true;
    }
    int start = start(from);
    boolean whole =
        node.isLeaf()
            ? skip(from)
            : token == JsonToken.START_OBJECT ? object(from, node) : array(from, node);
    if (whole && node.targets.length > 0) {
      int end = (int) (from.currentLocation().getByteOffset() - fed);
      String json = new String(record, start, end - start, UTF_8);
      for (int target : node.targets) {
        seen[target] = current;
        cells[target].setStructure(json);
      }
    }
    return whole;
  }

  /** From the start of an object or an array to its end; false if it is not whole. */
  private static boolean skip(JsonParser from) throws IOException {
    int open = 1;
    boolean named = false;
    while (open > 0) {
      JsonToken token = from.nextToken();
      if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
        open++;
      } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
        if (named) {
          return false;
        }
        open--;
      } else if (token == JsonToken.NOT_AVAILABLE || isLong(from, token)) {
        return false;
      }
      named = token == JsonToken.FIELD_NAME;
    }
    return true;
  }

  private static boolean isLong(JsonParser from, JsonToken token) throws IOException {
    return token.isNumeric() && from.getTextLength() > LONGEST_NUMBER;
  }

  private void scalar(JsonParser from, JsonToken token, int target) throws IOException {
    Value cell = cells[target];
    seen[target] = current;
    switch (token) {
      case VALUE_STRING -> cell.set(Value.Kind.TEXT, from.getText());
      case VALUE_TRUE -> cell.set(Value.Kind.BOOLEAN, "true");
      case VALUE_FALSE -> cell.set(Value.Kind.BOOLEAN, "false");
      case VALUE_NUMBER_INT -> whole(from, cell);
      case VALUE_NUMBER_FLOAT -> {
        char[] text = from.getTextCharacters();
        int start = from.getTextOffset();
        int length = from.getTextLength();
        // As every number but NaN and the infinite ones; this parser does not tell them apart.
        if (!isDigit(text[start + length - 1])) {
          cell.setNotFinite(from.getText());
        } else if (digits[target]) {
          cell.set(Value.Kind.NUMBER, from.getText());
        } else {
          cell.setDecimal(Numbers.parse(text, start, length));
        }
      }
      default -> cell.set(Value.Kind.NULL, "");
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void whole(JsonParser from, Value cell) throws IOException {
    if (from.getTextLength() > LONG_DIGITS) {
      cell.set(Value.Kind.NUMBER, from.getText());
      return;
    }
    long whole = from.getLongValue();
    if (whole == 0 && record[start(from)] == '-') {
      // The parser drops this sign from the text too.
      cell.set(Value.Kind.NUMBER, "-0");
    } else {
      cell.setWhole(whole);
    }
  }

  /** Where in the record the current token starts; the parser tells where its second byte is. */
  private int start(JsonParser from) {
    return (int) (from.currentTokenLocation().getByteOffset() - fed) - 1;
  }
}
