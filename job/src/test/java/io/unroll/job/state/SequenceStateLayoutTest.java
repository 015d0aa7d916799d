package io.unroll.job.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SequenceStateLayoutTest {
  private static final SequenceStateLayout LAYOUT = new SequenceStateLayout();

  private static SequenceState example() {
    SequenceState state = new SequenceState();
    state.model = 0x0123456789abcdefL;
    state.opened = 1_325_376_000_000L;
    state.last = 1_325_462_400_000L;
    state.seen = 1_325_462_399_000L;
    state.steps = 300;
    state.timer = 1_325_981_000_000L;
    state.origin = "weather/0@";
    state.position = 17;
    state.hidden = new float[] {0.5f, -1.25f};
    state.previous = new double[] {1628.75};
    state.output = new float[] {11.9f};
    state.keep = new String[] {"\"é\"", "7"};
    return state;
  }

  /** What a state of version 2 can have besides. */
  private static SequenceState exampleOfVersion2() {
    SequenceState state = example();
    state.name = "2012-01-01";
    state.arrivedFirst = 1_764_000_000_000L;
    state.arrivedLast = 1_764_000_060_000L;
    state.alarm = 1_764_000_360_000L;
    state.heldFrom = 1_325_462_500_000L;
    state.inputs = new float[] {0.25f, -3};
    state.record = new SeriesRecord();
    state.record.last = 1_325_462_400_000L;
    state.record.remember("trade 7", 2);
    state.record.remember("trade 8", 2);
    return state;
  }

  /** A record that has everything. */
  private static SequenceState exampleWithValuesLeft() {
    SequenceState state = exampleWithRecord();
    state.record.previous = new double[] {Double.NaN, 20.5};
    return state;
  }

  /** One from before records left values. */
  private static SequenceState exampleWithRecord() {
    SequenceState state = exampleOfVersion2();
    SeriesRecord record = state.record;
    record.moments = new double[] {3, 1.5, 0.25};
    record.evaluations = 0x7766554433221100L;
    record.observed = 300;
    record.actuals = new double[] {Double.NaN, 11.9};
    record.pending =
        List.of(
            new PendingPrediction(
                1,
                302,
                Long.MIN_VALUE,
                12.5,
                Double.NaN,
                299,
                1_325_462_400_000L,
                "2012-01-01",
                "weather/0@",
                17),
            new PendingPrediction(0, 0, 1_325_462_500_000L, -1, 2, 0, 0, "", "", 0));
    return state;
  }

  @Test
  void version1IsReadAsItWasWritten() throws IOException {
    assertSame(example(), read(HexFormat.of().parseHex(fixture("sequence-v1.hex"))));
  }

  @Test
  void version2IsReadAndWrittenAsItWasWritten() throws IOException {
    String hex = fixture("sequence-v2.hex");
    assertSame(exampleOfVersion2(), read(HexFormat.of().parseHex(hex)));
    assertEquals(hex, HexFormat.of().formatHex(write(exampleOfVersion2())));
  }

  @Test
  void aRecordIsReadAndWrittenAsItWasWritten() throws IOException {
    String hex = fixture("sequence-v2-record.hex");
    assertSame(exampleWithRecord(), read(HexFormat.of().parseHex(hex)));
    assertEquals(hex, HexFormat.of().formatHex(write(exampleWithRecord())));
  }

  @Test
  void valuesThatWereLeftAreReadAndWrittenAsTheyWereWritten() throws IOException {
    String hex = fixture("sequence-v2-left.hex");
    assertSame(exampleWithValuesLeft(), read(HexFormat.of().parseHex(hex)));
    assertEquals(hex, HexFormat.of().formatHex(write(exampleWithValuesLeft())));
  }

  private static String fixture(String name) throws IOException {
    try (InputStream in = SequenceStateLayoutTest.class.getResourceAsStream("/state/" + name)) {
      assertNotNull(in, "the fixture state/" + name + " is missing");
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).strip();
    }
  }

  @Test
  void everyStateComesBack() throws IOException {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int run = 0; run < 2000; run++) {
      SequenceState state = new SequenceState();
      state.model = random.nextLong();
      state.opened = random.nextBoolean() ? random.nextLong() : random.nextInt();
      state.last = random.nextBoolean() ? state.opened : state.opened + random.nextInt(100_000);
      state.seen = random.nextBoolean() ? state.last : random.nextLong();
      state.steps = random.nextLong() >>> random.nextInt(63);
      state.timer = random.nextBoolean() ? Long.MAX_VALUE : random.nextLong();
      state.origin = "o".repeat(random.nextInt(300));
      state.position = random.nextLong();
      state.hidden = new float[random.nextInt(200)];
      for (int i = 0; i < state.hidden.length; i++) {
        state.hidden[i] = random.nextFloat();
      }
      state.previous = random.doubles(random.nextInt(4)).toArray();
      state.output = random.nextBoolean() ? null : new float[] {random.nextFloat()};
      state.keep = random.nextBoolean() ? null : new String[] {"x".repeat(random.nextInt(200))};
      state.open = random.nextBoolean();
      state.name = random.nextBoolean() ? null : "n".repeat(random.nextInt(200));
      if (random.nextBoolean()) {
        state.arrivedFirst = random.nextLong() >>> 1;
        state.arrivedLast = random.nextLong();
        state.alarm = random.nextLong();
      }
      state.heldFrom = random.nextBoolean() ? SequenceState.NEVER : random.nextLong();
      state.inputs = random.nextBoolean() ? null : new float[] {random.nextFloat(), 1};
      if (random.nextBoolean()) {
        state.record = new SeriesRecord();
        state.record.last = random.nextLong();
        for (int i = random.nextInt(5); i > 0; i--) {
          state.record.remember("id" + random.nextInt(100), 3);
        }
        state.record.moments = random.doubles(3L * random.nextInt(3)).toArray();
        state.record.previous = random.doubles(random.nextInt(3)).toArray();
        if (random.nextBoolean()) {
          record(state.record, random);
        }
      }
      SequenceState back = read(write(state));
      try {
        assertSame(state, back);
      } catch (AssertionError e) {
        throw new AssertionError("run " + run + ", " + Seeds.message(seed), e);
      }
    }
  }

  private static void record(SeriesRecord record, Random random) {
    record.evaluations = random.nextLong();
    record.observed = random.nextInt(1000);
    record.actuals = random.doubles(1 + random.nextInt(3)).toArray();
    PendingPrediction[] pending = new PendingPrediction[random.nextInt(5)];
    for (int i = 0; i < pending.length; i++) {
      pending[i] =
          new PendingPrediction(
              random.nextInt(300),
              random.nextLong(),
              random.nextLong(),
              random.nextDouble(),
              random.nextBoolean() ? Double.NaN : random.nextDouble(),
              random.nextInt(1000),
              random.nextLong(),
              "s".repeat(random.nextInt(200)),
              "o".repeat(random.nextInt(200)),
              random.nextLong());
    }
    record.pending = List.of(pending);
  }

  @Test
  void anUnknownVersionIsRefused() throws IOException {
    byte[] bytes = write(example());
    bytes[0] = 9;
    IOException refused = assertThrows(IOException.class, () -> read(bytes));
    assertEquals(
        "state of a sequence has layout version 9, expected at most 2: it was written by a newer Unroll",
        refused.getMessage());
  }

  @Test
  void unknownFlagsAreRefused() throws IOException {
    byte[] bytes = write(example());
    bytes[1] = (byte) 0x83; // a varint of two bytes
    bytes[2] = 0x40;
    IOException refused = assertThrows(IOException.class, () -> read(bytes));
    assertEquals("state of a sequence has flags 0x2003, which are not known", refused.getMessage());
  }

  @Test
  void anLstm64StateTakesAtMost10PercentMoreThanItsFloats() throws IOException {
    SequenceState state = example();
    state.hidden = new float[128];
    state.output = null;
    state.keep = null;
    state.previous = new double[0];
    state.seen = state.last;
    int bytes = write(state).length;
    assertTrue(bytes <= 512 * 1.1, bytes + " bytes");
  }

  @Test
  void aCopySharesNothing() {
    SequenceState state = exampleOfVersion2();
    SequenceState copy = new SequenceStateSerializer().copy(state);
    assertSame(state, copy);
    assertNotSame(state.hidden, copy.hidden);
    assertNotSame(state.previous, copy.previous);
    assertNotSame(state.output, copy.output);
    assertNotSame(state.keep, copy.keep);
    assertNotSame(state.inputs, copy.inputs);
  }

  private static byte[] write(SequenceState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LAYOUT.write(state, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static SequenceState read(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    SequenceState state = LAYOUT.read(in);
    assertEquals(0, in.available(), "bytes left over");
    return state;
  }

  private static void assertSame(SequenceState expected, SequenceState found) {
    assertEquals(expected.model, found.model);
    assertEquals(expected.opened, found.opened);
    assertEquals(expected.last, found.last);
    assertEquals(expected.seen, found.seen);
    assertEquals(expected.steps, found.steps);
    assertEquals(expected.timer, found.timer);
    assertEquals(expected.origin, found.origin);
    assertEquals(expected.position, found.position);
    assertArrayEquals(expected.hidden, found.hidden);
    assertArrayEquals(expected.previous, found.previous);
    assertArrayEquals(expected.output, found.output);
    assertArrayEquals(expected.keep, found.keep);
    assertEquals(expected.open, found.open);
    assertEquals(expected.name, found.name);
    assertEquals(expected.arrivedFirst, found.arrivedFirst);
    assertEquals(expected.arrivedLast, found.arrivedLast);
    assertEquals(expected.alarm, found.alarm);
    assertEquals(expected.heldFrom, found.heldFrom);
    assertArrayEquals(expected.inputs, found.inputs);
    assertEquals(expected.record == null, found.record == null);
    if (expected.record != null && found.record != null) {
      assertEquals(expected.record.last, found.record.last);
      assertArrayEquals(expected.record.identities, found.record.identities);
      assertArrayEquals(expected.record.moments, found.record.moments);
      assertEquals(expected.record.evaluations, found.record.evaluations);
      assertEquals(expected.record.observed, found.record.observed);
      assertArrayEquals(expected.record.actuals, found.record.actuals);
      assertEquals(expected.record.pending, found.record.pending);
      assertArrayEquals(expected.record.previous, found.record.previous);
    }
  }
}
