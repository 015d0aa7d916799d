package io.unroll.job.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No field of the state is forgotten where it is copied, written or counted. */
final class StateFieldsTest {
  /** What {@link SequenceState} says of itself that it is not stored. */
  private static final Set<String> NOT_STORED = Set.of("id", "stored", "closesAt", "heldTo");

  private static final int HEADER = 12;
  private static final int REFERENCE = 4;

  @Test
  void aCopyHasEveryField() throws Exception {
    SequenceState state = full();
    SequenceState copy = state.copy();
    for (Field field : fields(SequenceState.class)) {
      if (!field.getType().equals(SeriesRecord.class)) {
        assertTrue(same(field.get(state), field.get(copy)), field.getName());
      }
    }
    assertSameRecord(record(state), record(copy));
  }

  @Test
  void theBytesHaveEveryFieldThatIsStored() throws Exception {
    SequenceState state = full();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new SequenceStateLayout().write(state, new DataOutputStream(bytes));
    SequenceState read =
        new SequenceStateLayout()
            .read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    for (Field field : fields(SequenceState.class)) {
      if (!field.getType().equals(SeriesRecord.class) && !NOT_STORED.contains(field.getName())) {
        assertTrue(same(field.get(state), field.get(read)), field.getName());
      }
    }
    assertSameRecord(record(state), record(read));
  }

  @Test
  void theCacheCountsEveryField() {
    int bytes = HEADER;
    for (Field field : fields(SequenceState.class)) {
      Class<?> type = field.getType();
      bytes += type == long.class ? Long.BYTES : type == boolean.class ? 1 : REFERENCE;
    }
    assertEquals((bytes + 7) / 8 * 8, CachedRow.SEQUENCE);
  }

  /** Every field has another value than a new state has. */
  private static SequenceState full() throws Exception {
    SequenceState state = new SequenceState();
    state.record = new SeriesRecord();
    fill(state);
    fill(state.record);
    state.id(); // is said once it is asked for
    return state;
  }

  private static void fill(Object object) throws Exception {
    Object fresh = object.getClass().getDeclaredConstructor().newInstance();
    long number = 1000;
    for (Field field : fields(object.getClass())) {
      Class<?> type = field.getType();
      if (type == long.class) {
        field.setLong(object, number++);
      } else if (type == boolean.class) {
        field.setBoolean(object, !field.getBoolean(fresh));
      } else if (type == String.class && !field.getName().equals("id")) {
        field.set(object, "text " + number++);
      } else if (type == float[].class) {
        field.set(object, new float[] {number++});
      } else if (type == double[].class) {
        field.set(object, new double[] {number++});
      } else if (type == String[].class) {
        field.set(object, new String[] {"text " + number++});
      } else if (type == List.class) {
        field.set(
            object,
            List.of(new PendingPrediction(0, 1010, number++, 0.5, 0.25, 3, 4, "s", "feed:", 7)));
      }
      boolean other = field.getName().equals("id") || !same(field.get(object), field.get(fresh));
      assertTrue(other, () -> field + " needs a value here");
    }
  }

  private static SeriesRecord record(SequenceState state) {
    return Objects.requireNonNull(state.record);
  }

  private static void assertSameRecord(SeriesRecord expected, SeriesRecord found) throws Exception {
    List<Field> fields = fields(SeriesRecord.class);
    assertFalse(fields.isEmpty());
    for (Field field : fields) {
      assertTrue(same(field.get(expected), field.get(found)), field.getName());
    }
  }

  private static boolean same(Object one, Object other) {
    return Objects.deepEquals(one, other);
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> fields =
        Stream.of(type.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .toList();
    fields.forEach(field -> field.setAccessible(true));
    assertFalse(fields.isEmpty(), () -> Arrays.toString(type.getDeclaredFields()));
    return fields;
  }
}
