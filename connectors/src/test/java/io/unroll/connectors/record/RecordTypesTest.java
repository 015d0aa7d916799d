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
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HexFormat;
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
        Evaluation.class,
        SequenceEvent.class,
        OutboundRecord.class);
  }

  @ParameterizedTest
  @MethodSource("types")
  void arePojosWithASerializerOfTheirOwn(Class<?> type) {
    PojoTypeInfo<?> info = assertInstanceOf(PojoTypeInfo.class, TypeInformation.of(type));
    assertEquals(fields(type).size(), info.getArity());
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
    later[4]++;
    assertEquals(
        serializer.getClass().getSimpleName()
            + ": found a record in form "
            + later[4]
            + ", expected 1 to "
            + bytes[4],
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

    DataOutputSerializer first = new DataOutputSerializer(4);
    first.writeInt(1);
    old.readSnapshot(1, new DataInputDeserializer(first.getCopyOfBuffer()), null);
    assertTrue(now.resolveSchemaCompatibility(old).isCompatibleAsIs());

    DataOutputSerializer later = new DataOutputSerializer(4);
    later.writeInt(bytes(type, serializer.createInstance())[4] + 1);
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

  /** As they lie in checkpoints of the first release: bytes that its serializer wrote. */
  private static final String OBSERVATION_IN_FORM_1 =
      "0000003b01070068e5cf8b0100001100000000000000066b00ac2009772f304002000000000000f83f00000000"
          + "000000c0000309312e31300002010302030101";

  private static final String READING_IN_FORM_1 =
      "0000001c0101010168e5cf8b0100000200000000000000036105663a0777687900";

  private static final String PREDICTION_IN_FORM_1 =
      "000000340103000000000000000068e5cf8b010000020361053137076d403109772f3040110000000000000001"
          + "020000003f000080bf020331";

  /** Bytes that the serializers of form 2 wrote. */
  private static final String OBSERVATION_IN_FORM_2 =
      "00000042023f0068e5cf8b0100001100000000000000066b00ac2009772f304002000000000000f83f00000000"
          + "000000c0000309312e3130000201030203010107726564056931";

  private static final String READING_IN_FORM_2 =
      "0000004302013f0068e5cf8b0100001100000000000000066b00ac2009772f304002000000000000f83f000000"
          + "00000000c0000309312e3130000201030203010107726564056931";

  private static final String REJECTED_IN_FORM_1 =
      "0000003201070d772f3040313703610e6c006100740065002000ac200068e5cf8b0100000168e5cf8b01000002"
          + "01030203020368020204";

  private static final String REJECTED_READING_IN_FORM_2 =
      "000000330202070d772f3040313703610e6c006100740065002000ac200068e5cf8b0100000168e5cf8b010000"
          + "0201030203020368020204";

  private static final String READING_IN_FORM_3 =
      "000000470301bf0068e5cf8b0100001100000000000000066b00ac2009772f304002000000000000f83f000000"
          + "00000000c0000309312e313000020103020301010772656405693107000000";

  private static Observation firstForm() {
    Observation observation = Observation.of("k\u20ac", 1700000000000L, 1.5, -2).andEnd();
    observation.at("w/0@", 17);
    observation.keep = new String[] {"1.10", null};
    observation.raw = new RawRecord(new byte[] {1}, new byte[] {2, 3});
    return observation;
  }

  private static Reading firstFormOfReading() {
    Observation marker = Observation.endOf("a", 1700000000001L).at("f:", 2);
    marker.unusable = "why";
    return Reading.of(marker);
  }

  private static Prediction firstFormOfPrediction() {
    Prediction prediction = new Prediction();
    prediction.series = "a";
    prediction.sequence = "17";
    prediction.step = 3;
    prediction.timestamp = 1700000000000L;
    prediction.kind = Prediction.Kind.FINAL;
    prediction.output = new float[] {0.5f, -1};
    prediction.model = "m@1";
    prediction.origin = "w/0@";
    prediction.position = 17;
    prediction.keep = new String[] {"1"};
    return prediction;
  }

  private static Rejected firstFormOfRejected() {
    Rejected rejected = new Rejected();
    rejected.input = "w/0@17";
    rejected.series = "a";
    rejected.timestamp = 1700000000000L;
    rejected.reason = "late \u20ac";
    rejected.watermark = 1700000000001L;
    rejected.raw = new RawRecord(new byte[] {1}, new byte[] {2, 3});
    rejected.raw.headerNames = new String[] {"h"};
    rejected.raw.headerValues = new byte[][] {{4}};
    return rejected;
  }

  @Test
  void recordsOfTheFirstFormAreRead() throws Exception {
    assertReads(OBSERVATION_IN_FORM_1, 1, Observation.class, firstForm());
    assertReads(READING_IN_FORM_1, 1, Reading.class, firstFormOfReading());
    assertReads(PREDICTION_IN_FORM_1, 1, Prediction.class, firstFormOfPrediction());
    assertReads(REJECTED_IN_FORM_1, 1, Rejected.class, firstFormOfRejected());
  }

  @Test
  void recordsOfTheSecondFormAreRead() throws Exception {
    Observation observation = firstForm().andStart().by("red").identity("i1");
    assertReads(OBSERVATION_IN_FORM_2, 2, Observation.class, observation);
    assertReads(READING_IN_FORM_2, 2, Reading.class, Reading.of(observation));
    Reading rejected = new Reading();
    rejected.rejected = firstFormOfRejected();
    assertReads(REJECTED_READING_IN_FORM_2, 2, Reading.class, rejected);
  }

  /** A record of several, and one that is skipped, which is told by nothing being there. */
  @Test
  void aRecordOfSeveralTravelsAsOne() throws Exception {
    Rejected rejected = firstFormOfRejected();
    Reading record =
        Reading.ofAll(
            List.of(
                Reading.of(firstForm()), Reading.of(rejected), Reading.of(firstForm().andStart())));
    for (Reading seen :
        List.of(copy(Reading.class, record), serializer(Reading.class).copy(record))) {
      assertFalse(seen.isSkipped());
      assertEquals(3, seen.inputs().size());
      for (int i = 0; i < 3; i++) {
        assertSameFields(record.inputs().get(i), seen.inputs().get(i), "input " + i);
        assertNothingShared(record.inputs().get(i), seen.inputs().get(i), "input " + i);
      }
    }
    TypeSerializer<Reading> serializer = serializer(Reading.class);
    Reading reused = copy(Reading.class, record);
    serializer.deserialize(
        reused, new DataInputDeserializer(bytes(Reading.class, Reading.skipped())));
    assertTrue(reused.isSkipped(), "nothing is left of the record before");
    assertTrue(copy(Reading.class, Reading.skipped()).isSkipped());
    assertEquals(List.of(), Reading.skipped().inputs());
  }

  /** Form 3 has no record of several, and else the bytes of form 4. */
  @Test
  void readingsOfTheThirdFormAreRead() throws Exception {
    assertReads(READING_IN_FORM_3, 3, Reading.class, Reading.of(thirdForm()));
  }

  private static Observation thirdForm() {
    Observation observation = firstForm().andStart().by("red").identity("i1");
    observation.nanos = 7;
    return observation;
  }

  @Test
  void nanosecondsTravel() throws Exception {
    Observation observation = Observation.of("a", 1700000000000L, 1.5).at("w:", 7);
    int without = bytes(Observation.class, observation).length;
    observation.nanos = 999_999;
    byte[] with = bytes(Observation.class, observation);
    assertEquals(without + 4, with.length);
    assertSameFields(
        observation,
        serializer(Observation.class).deserialize(new DataInputDeserializer(with)),
        "nanos");
  }

  private static <T> void assertReads(String hex, int form, Class<T> type, T expected)
      throws Exception {
    TypeSerializer<T> serializer = serializer(type);
    byte[] old = HexFormat.of().parseHex(hex);
    assertEquals(form, old[4], hex);
    assertSameFields(expected, serializer.deserialize(new DataInputDeserializer(old)), hex);
    // Nothing is left of a record of the later form that was there before.
    T reused = type.cast(record(type, new Random(SEED), 0));
    assertSameFields(expected, serializer.deserialize(reused, new DataInputDeserializer(old)), hex);
    // What an earlier form could say costs no more today.
    byte[] now = bytes(type, expected);
    assertTrue(now[4] > form, hex);
    now[4] = (byte) form;
    assertEquals(hex, HexFormat.of().formatHex(now));
  }

  /** They are in checkpoints. */
  @Test
  void codesOfEnumsAreFixed() throws IOException {
    StringBuilder codes = new StringBuilder();
    for (CloseReason reason : CloseReason.values()) {
      SequenceEvent event = new SequenceEvent();
      event.reason = reason;
      codes.append(bytes(SequenceEvent.class, event)[6]).append(' ').append(reason).append(' ');
    }
    for (Prediction.Kind kind : Prediction.Kind.values()) {
      Prediction prediction = new Prediction();
      prediction.kind = kind;
      codes.append(bytes(Prediction.class, prediction)[21]).append(' ').append(kind).append(' ');
    }
    assertEquals(
        "1 END 2 IDLE 3 MAX_STEPS 4 END_OF_INPUT 5 MAX_DURATION 6 CHANGED 7 RESTARTED 8 CLOSE_AT"
            + " 9 GAP"
            + " 1 STEP 2 FINAL 3 DECODED 4 FORECAST",
        codes.toString().strip());
  }

  @Test
  void unknownCodesAreRefused() throws IOException {
    byte[] event = bytes(SequenceEvent.class, new SequenceEvent());
    event[6] = 10;
    assertEquals(
        "a close's reason: found 10, expected 0 to 9",
        assertThrows(
                IOException.class,
                () -> serializer(SequenceEvent.class).deserialize(new DataInputDeserializer(event)))
            .getMessage());
    byte[] prediction = bytes(Prediction.class, new Prediction());
    prediction[21] = 5;
    assertEquals(
        "a prediction's kind: found 5, expected 0 to 4",
        assertThrows(
                IOException.class,
                () ->
                    serializer(Prediction.class).deserialize(new DataInputDeserializer(prediction)))
            .getMessage());
  }

  private static <T> byte[] bytes(Class<T> type, T record) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer(type).serialize(record, out);
    return out.getCopyOfBuffer();
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
    } else if (type == int.class) {
      return random.nextInt();
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
    for (Field field : fields(type)) {
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
      for (Field field : fields(expected.getClass())) {
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
    for (Field field : fields(one.getClass())) {
      assertNothingShared(get(field, one), get(field, other), what + " " + field.getName());
    }
  }

  /** What a record holds; constants are none of it. */
  private static List<Field> fields(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()))
        .toList();
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
