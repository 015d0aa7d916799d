package io.unroll.connectors.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.kafka.OutboundRecord;
import io.unroll.connectors.wire.RecordSerializer;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How records cross the network, and the checkpoints of what is on its way. */
class RecordTypesTest {

  private static final int ROUNDS = 500;

  private static final long SEED = seed();

  private static long seed() {
    String given = System.getProperty("seed", "");
    return given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
  }

  static List<Class<?>> types() {
    return List.of(
        Observation.class,
        Rejected.class,
        Reading.class,
        Prediction.class,
        SequenceEvent.class,
        OutboundRecord.class);
  }

  @ParameterizedTest
  @MethodSource("types")
  void arePojosWithASerializerOfTheirOwn(Class<?> type) {
    PojoTypeInfo<?> info = assertInstanceOf(PojoTypeInfo.class, TypeInformation.of(type));
    assertEquals(type.getFields().length, info.getArity());
    assertEquals(info, TypeInformation.of(type));
    assertInstanceOf(RecordSerializer.class, serializer(type));
  }

  @Test
  void aRawRecordIsAFlinkPojoWithoutKryo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(RawRecord.class);
  }

  /** Fails too when a field is added that the serializer does not know. */
  @ParameterizedTest
  @MethodSource("types")
  <T> void travelWithEveryField(Class<T> type) throws Exception {
    Random random = new Random(SEED);
    TypeSerializer<T> serializer = serializer(type);
    T reused = serializer.createInstance();
    for (int round = 0; round < ROUNDS; round++) {
      String what = "seed " + SEED + ", round " + round;
      T record = type.cast(record(type, random, round));
      DataOutputSerializer out = new DataOutputSerializer(16);
      serializer.serialize(record, out);
      serializer.serialize(record, out);
      DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
      T seen = serializer.deserialize(in);
      assertSameFields(record, seen, what);
      assertSame(reused, serializer.deserialize(reused, in), what);
      assertSameFields(record, reused, what);
      assertSameFields(record, seen, what + ", after the next record");
      assertEquals(0, in.available(), what);
      if (random.nextInt(10) == 0) {
        serializer = serializer.duplicate();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  <T> void copiesShareNothingMutable(Class<T> type) throws Exception {
    Random random = new Random(SEED);
    TypeSerializer<T> serializer = serializer(type);
    T reused = serializer.createInstance();
    for (int round = 0; round < ROUNDS; round++) {
      String what = "seed " + SEED + ", round " + round;
      T record = type.cast(record(type, random, round));
      T copy = serializer.copy(record);
      assertSameFields(record, copy, what);
      assertNothingShared(record, copy, what);
      assertSame(reused, serializer.copy(record, reused), what);
      assertSameFields(record, reused, what);
      assertNothingShared(record, reused, what);

      DataOutputSerializer out = new DataOutputSerializer(16);
      serializer.serialize(record, out);
      DataOutputSerializer relayed = new DataOutputSerializer(16);
      serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), relayed);
      assertArrayEquals(out.getCopyOfBuffer(), relayed.getCopyOfBuffer(), what);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  <T> void everyShorterOrOtherBytesAreRefused(Class<T> type) throws Exception {
    TypeSerializer<T> serializer = serializer(type);
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(type.cast(record(type, new Random(SEED), 0)), out);
    byte[] bytes = out.getCopyOfBuffer();
    for (int cut = 0; cut < bytes.length; cut++) {
      byte[] shorter = Arrays.copyOf(bytes, cut);
      if (cut >= 4) {
        shorter[0] = 0;
        shorter[1] = (byte) ((cut - 5) >> 16);
        shorter[2] = (byte) ((cut - 5) >> 8);
        shorter[3] = (byte) (cut - 5);
      }
      assertThrows(
          IOException.class,
          () -> serializer.deserialize(new DataInputDeserializer(shorter)),
          "seed " + SEED + ", cut at " + cut);
    }
    byte[] later = bytes.clone();
    later[4] = 2;
    assertEquals(
        serializer.getClass().getSimpleName() + ": found a record in form 2, expected 1 to 1",
        assertThrows(
                IOException.class, () -> serializer.deserialize(new DataInputDeserializer(later)))
            .getMessage());
  }

  @ParameterizedTest
  @MethodSource("types")
  <T> void duplicatesAndSnapshotsMakeEqualSerializers(Class<T> type) throws Exception {
    TypeSerializer<T> serializer = serializer(type);
    assertNotSame(serializer, serializer.duplicate());
    assertEquals(serializer, serializer.duplicate());
    assertEquals(serializer, InstantiationUtil.clone(serializer));
    assertEquals(serializer.hashCode(), serializer.duplicate().hashCode());
    assertEquals(-1, serializer.getLength());
    assertFalse(serializer.isImmutableType());

    DataOutputSerializer out = new DataOutputSerializer(16);
    TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(
        out, serializer.snapshotConfiguration());
    TypeSerializerSnapshot<T> old =
        TypeSerializerSnapshotSerializationUtil.readSerializerSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());
    assertEquals(serializer, old.restoreSerializer());
    TypeSerializerSnapshot<T> now = serializer.snapshotConfiguration();
    assertTrue(now.resolveSchemaCompatibility(old).isCompatibleAsIs());

    DataOutputSerializer later = new DataOutputSerializer(4);
    later.writeInt(2);
    old.readSnapshot(1, new DataInputDeserializer(later.getCopyOfBuffer()), null);
    assertTrue(now.resolveSchemaCompatibility(old).isIncompatible());
    assertThrows(
        IOException.class,
        () -> old.readSnapshot(2, new DataInputDeserializer(later.getCopyOfBuffer()), null));
  }

  @Test
  void serializersOfDifferentTypesDiffer() {
    assertNotEquals(serializer(Observation.class), serializer(Reading.class));
    assertTrue(
        new ObservationSerializer.Snapshot()
            .resolveSchemaCompatibility(cast(new ReadingSerializer.Snapshot()))
            .isIncompatible());
  }

  @SuppressWarnings("unchecked") // a snapshot of another type is what the test is about
  private static <T> TypeSerializerSnapshot<T> cast(TypeSerializerSnapshot<?> snapshot) {
    return (TypeSerializerSnapshot<T>) snapshot;
  }

  @Test
  void anOriginIsReadAsTheSameTextAgain() throws IOException {
    TypeSerializer<Observation> serializer = serializer(Observation.class);
    DataOutputSerializer out = new DataOutputSerializer(16);
    List<String> origins = List.of("weather/0@", "weather/1@", "w", "", "k\u20ac/0@");
    for (int i = 0; i < 4; i++) {
      for (String origin : origins) {
        serializer.serialize(Observation.of("a", i).at(origin, i), out);
      }
    }
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    String first = "";
    for (int i = 0; i < 4; i++) {
      for (String origin : origins) {
        Observation seen = serializer.deserialize(in);
        assertEquals(origin, seen.origin);
        if (origin.equals("weather/0@")) {
          first = i == 0 ? seen.origin : first;
          assertSame(first, seen.origin);
        }
      }
    }
  }

  @Test
  void largeRecordsTravelAndLeaveNothingBehind() throws IOException {
    TypeSerializer<Observation> serializer = serializer(Observation.class);
    Observation large = Observation.of("a", 1, 1.5).at("f:", 1);
    large.raw = new RawRecord(null, new byte[9 * 1024 * 1024]);
    large.raw.value[4711] = 1;
    Observation small = Observation.of("b", 2, 2.5).at("f:", 2);
    DataOutputSerializer out = new DataOutputSerializer(16);
    for (Observation record : List.of(small, large, small)) {
      serializer.serialize(record, out);
    }
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    for (Observation record : List.of(small, large, small)) {
      assertSameFields(record, serializer.deserialize(in), "large");
    }
  }

  @Test
  void nothingButNulls() throws IOException {
    Rejected rejected = new Rejected();
    rejected.raw = new RawRecord(null, null);
    rejected.raw.headerNames = new String[] {"one", "two"};
    rejected.raw.headerValues = new byte[][] {{1}, null};
    Rejected seen = copy(Rejected.class, rejected);
    assertNull(seen.timestamp);
    assertNull(seen.raw.value);
    assertArrayEquals(new byte[] {1}, seen.raw.headerValues[0]);
    assertNull(seen.raw.headerValues[1]);
    assertNull(copy(OutboundRecord.class, new OutboundRecord()).timestamp);
    Reading empty = copy(Reading.class, new Reading());
    assertNull(empty.observation);
    assertNull(empty.rejected);
  }

  private static <T> T copy(Class<T> type, T value) throws IOException {
    TypeSerializer<T> serializer = serializer(type);
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }

  private static <T> TypeSerializer<T> serializer(Class<T> type) {
    return TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
  }

  /** A value with something in every field: all of them in round 0, any of them null later. */
  private static Object filled(Class<?> type, Random random, int round)
      throws ReflectiveOperationException {
    boolean some = round == 0 || random.nextInt(5) > 0;
    if (type == long.class) {
      return random.nextLong();
    } else if (type == boolean.class) {
      return random.nextBoolean() || round == 0;
    } else if (type == double.class) {
      return Double.longBitsToDouble(random.nextLong());
    } else if (type == float.class) {
      return Float.intBitsToFloat(random.nextInt());
    } else if (type == byte.class) {
      return (byte) random.nextInt();
    } else if (!some) {
      return null;
    } else if (type == Long.class) {
      return random.nextLong();
    } else if (type == String.class) {
      return text(random, round);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    } else if (type.isArray()) {
      int length = round == 0 ? 3 : random.nextInt(300) * random.nextInt(2);
      Object array = Array.newInstance(type.getComponentType(), length);
      for (int i = 0; i < length; i++) {
        Array.set(array, i, filled(type.getComponentType(), random, round));
      }
      return array;
    }
    return record(type, random, round);
  }

  private static Object record(Class<?> type, Random random, int round)
      throws ReflectiveOperationException {
    Object record = type.getConstructor().newInstance();
    for (Field field : type.getFields()) {
      field.set(record, filled(field.getType(), random, round));
    }
    return record;
  }

  private static String text(Random random, int round) {
    int length = round == 0 ? 3 : random.nextInt(random.nextInt(20) == 0 ? 20_000 : 20);
    int[] highest = {0x80, 0x100, 0x101, 0x10000};
    int bound = highest[random.nextInt(highest.length)];
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(bound));
    }
    return text.toString();
  }

  private static void assertSameFields(Object expected, Object found, String what)
      throws IOException {
    if (expected == null || found == null || isValue(expected.getClass())) {
      assertEquals(expected, found, what);
    } else if (expected.getClass().isArray()) {
      assertEquals(Array.getLength(expected), Array.getLength(found), what);
      for (int i = 0; i < Array.getLength(expected); i++) {
        assertSameFields(Array.get(expected, i), Array.get(found, i), what + " " + i);
      }
    } else {
      for (Field field : expected.getClass().getFields()) {
        assertSameFields(get(field, expected), get(field, found), what + " " + field.getName());
      }
    }
  }

  private static void assertNothingShared(Object one, Object other, String what) {
    if (one == null || isValue(one.getClass())) {
      return;
    }
    if (one.getClass().isArray()) {
      if (Array.getLength(one) > 0) {
        assertNotSame(one, other, what);
      }
      for (int i = 0; i < Array.getLength(one); i++) {
        assertNothingShared(Array.get(one, i), Array.get(other, i), what + " " + i);
      }
      return;
    }
    assertNotSame(one, other, what);
    for (Field field : one.getClass().getFields()) {
      assertNothingShared(get(field, one), get(field, other), what + " " + field.getName());
    }
  }

  private static boolean isValue(Class<?> type) {
    return type == String.class
        || Number.class.isAssignableFrom(type)
        || type == Boolean.class
        || type.isEnum();
  }

  private static Object get(Field field, Object record) {
    try {
      return field.get(record);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
