package io.unroll.job.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

final class CachedStoreTest {
  private static final long ROOMY = 1 << 20;
  private static final int NO_FORECAST = Integer.MAX_VALUE;

  private final SerializingState backend = new SerializingState();

  private CachedStore store(long limit, int mostChanged) {
    return new CachedStore(backend, backend, limit, mostChanged, NO_FORECAST);
  }

  private static SequenceState sequence(long steps) {
    SequenceState sequence = new SequenceState();
    sequence.steps = steps;
    sequence.hidden = new float[] {steps, -steps};
    return sequence;
  }

  private void put(CachedStore store, String key, long steps) throws Exception {
    backend.set(key);
    store.put(sequence(steps));
  }

  private SequenceState get(CachedStore store, String key) throws Exception {
    backend.set(key);
    return store.get();
  }

  private void remove(CachedStore store, String key) throws Exception {
    backend.set(key);
    store.remove();
  }

  @Test
  void aHitAsksTheBackendNothing() throws Exception {
    CachedStore store = store(ROOMY, 100);
    put(store, "A", 1);
    for (int i = 2; i < 100; i++) {
      SequenceState sequence = get(store, "A");
      sequence.steps = i;
      store.put(sequence);
    }
    assertEquals(List.of(), backend.calls);
    assertEquals(98, store.hits());
    assertEquals(0, store.misses());
  }

  @Test
  void aMissAsksOnceAlsoForASeriesThatHasNoSequence() throws Exception {
    CachedStore store = store(ROOMY, 100);
    assertNull(get(store, "A"));
    assertNull(get(store, "A"));
    assertEquals(List.of("get A"), backend.calls);
  }

  @Test
  void flushWritesEachChangedRowOnceAndLeavesNothingChanged() throws Exception {
    CachedStore store = store(ROOMY, 100);
    put(store, "B", 1);
    put(store, "A", 1);
    put(store, "B", 2);
    get(store, "C");
    store.flush();
    assertEquals(List.of("get C", "put B", "put A"), backend.calls);
    assertEquals(2, store.flushed());
    assertEquals(0, store.changedRows());
    store.flush();
    assertEquals(0, store.flushed());
    assertEquals(2, get(store, "B").steps);
    assertEquals(List.of("get C", "put B", "put A"), backend.calls);
    put(store, "A", 3);
    store.flush();
    assertEquals(List.of("get C", "put B", "put A", "put A"), backend.calls);
  }

  /** By key group and key, whatever was changed first. */
  @Test
  void flushWritesInTheOrderOfTheBackend() throws Exception {
    CachedStore store = store(ROOMY, 100);
    for (String key : List.of("E", "D", "B2", "A", "B1", "C")) {
      put(store, key, 1);
    }
    store.flush();
    assertEquals(List.of("put B1", "put B2", "put E", "put C", "put A", "put D"), backend.calls);
  }

  @Test
  void flushWithoutACurrentKeyHasNothingToWrite() throws Exception {
    CachedStore store = store(ROOMY, 100);
    store.flush();
    assertNull(backend.get());
  }

  @Test
  void whatWasWrittenIsWhatItWasThen() throws Exception {
    CachedStore store = store(ROOMY, 100);
    put(store, "A", 1);
    store.flush();
    SequenceState live = get(store, "A");
    live.hidden[0] = 7;
    assertEquals(1, backend.stored("A").hidden[0]);
    store.put(live);
    store.flush();
    assertEquals(7, backend.stored("A").hidden[0]);
  }

  @Test
  void theLeastRecentlyUsedLeaveFirstAndChangedOnesAreWrittenOnTheWay() throws Exception {
    CachedStore measure = store(ROOMY, 100);
    put(measure, "A", 1);
    long row = measure.bytes();
    CachedStore store = store(3 * row, 100);
    put(store, "A", 1);
    put(store, "B", 1);
    put(store, "C", 1);
    get(store, "A");
    put(store, "D", 1);
    assertEquals(List.of("put B"), backend.calls);
    store.flush();
    backend.calls.clear();
    put(store, "B", 2);
    assertEquals(List.of(), backend.calls, "C leaves, which is not changed");
    get(store, "C");
    assertEquals(List.of("get C"), backend.calls);
    assertEquals(3, store.rows());
    assertEquals(3 * row, store.bytes());
  }

  /** Half as many as wait: in a stream of hot series the most of them stay written. */
  @Test
  void beforeAnExpectedFlushRowsLeaveOneByOne() throws Exception {
    CachedStore store = new CachedStore(backend, backend, ROOMY, 1000, 10);
    Random random = new Random(1);
    long[] flushed = new long[3];
    for (int checkpoint = 0; checkpoint < flushed.length; checkpoint++) {
      for (int i = 0; i < 2000; i++) {
        put(store, "s" + random.nextInt(100), i);
      }
      long writtenBehind = store.writtenBehind();
      store.flush();
      flushed[checkpoint] = store.flushed();
      assertEquals(writtenBehind, store.writtenBehind());
    }
    assertEquals(100, flushed[0]);
    assertTrue(flushed[1] < 70 && flushed[2] < 70, flushed[1] + ", " + flushed[2]);
    assertTrue(store.writtenBehind() <= 2 * 100, store.writtenBehind() + " written");
  }

  @Test
  void aFlushThatDoesNotComeIsWaitedForNoLonger() throws Exception {
    CachedStore store = new CachedStore(backend, backend, ROOMY, 1000, 10);
    for (int i = 0; i < 1000; i++) {
      put(store, "s" + i % 100, i);
    }
    store.flush();
    for (int i = 0; i < 10_000; i++) {
      put(store, "s" + i % 100, i);
    }
    assertTrue(store.writtenBehind() <= 100, store.writtenBehind() + " written");
    assertEquals(100, store.changedRows());
  }

  /** However far apart flushes are, and however late one is. */
  @Test
  void atMostAsManyRowsLeaveForAFlushAsWait() throws Exception {
    CachedStore store = new CachedStore(backend, backend, ROOMY, 1000, 10);
    Random random = new Random(1);
    for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
      int changes = 100 * (checkpoint == 1 ? 330 : 300); // the second one a tenth late
      for (int i = 0; i < changes; i++) {
        put(store, "s" + random.nextInt(100), i);
      }
      store.flush();
    }
    assertEquals(100, store.writtenBehind(), "all before the late one, none before the early one");
  }

  @Test
  void aboveTheBoundTheRowChangedLongestAgoIsWritten() throws Exception {
    CachedStore store = store(ROOMY, 3);
    put(store, "A", 1);
    put(store, "B", 1);
    put(store, "C", 1);
    put(store, "A", 2);
    put(store, "D", 1);
    assertEquals(List.of("put B"), backend.calls);
    assertEquals(3, store.changedRows());
    assertEquals(4, store.rows());
    put(store, "B", 2);
    put(store, "B", 3);
    assertEquals(List.of("put B", "put C"), backend.calls);
    assertEquals(2, store.writtenBehind());
    assertEquals("B", backend.get());
  }

  @Test
  void aRemovedSeriesDoesNotComeBack() throws Exception {
    CachedStore store = store(ROOMY, 100);
    put(store, "A", 1);
    store.flush();
    remove(store, "A");
    assertNull(get(store, "A"));
    assertNotNull(backend.stored("A"));
    store.flush();
    assertNull(backend.stored("A"));
    assertNull(get(store, "A"));
    assertEquals(List.of("put A", "clear A"), backend.calls);
    put(store, "A", 5);
    store.flush();
    assertEquals(5, backend.stored("A").steps);
  }

  @Test
  void aRemovalOfASeriesThatIsNotHereReachesTheBackend() throws Exception {
    CachedStore store = store(ROOMY, 100);
    put(store, "A", 1);
    store.flush();
    CachedStore other = store(1, 100);
    remove(other, "A");
    assertNull(backend.stored("A"));
    assertNull(get(other, "A"));
  }

  @Test
  void whatOpensAndClosesBetweenTwoFlushesIsNeverWritten() throws Exception {
    CachedStore store = store(ROOMY, 100);
    get(store, "A");
    put(store, "A", 1);
    remove(store, "A");
    store.flush();
    assertEquals(List.of("get A"), backend.calls);
  }

  @Test
  void aRowLargerThanTheRoomPassesThrough() throws Exception {
    CachedStore store = store(1, 100);
    put(store, "A", 1);
    assertEquals(1, get(store, "A").steps);
    assertEquals(0, store.rows());
    assertEquals(0, store.bytes());
    assertEquals(List.of("put A", "get A"), backend.calls);
  }

  @Test
  void theBytesAreThoseOfFloatsTextsAndObjects() {
    CachedRow row = new CachedRow("series-1", 0, true);
    int empty = row.measure();
    row.sequence = sequence(1);
    row.sequence.hidden = new float[128];
    row.sequence.origin = "topic/0@";
    assertEquals(160 + 56 + 16 + 512 + 16 + 40 + 8, row.measure()); // 56: its id
    row.sequence.output = new float[3];
    assertEquals(16 + 12, row.measure());
    row.sequence.keep = new String[] {"12345"};
    assertEquals(16 + 4 + 40 + 5, row.measure());
    row.sequence = null;
    row.measure();
    assertEquals(empty, row.bytes());
  }

  @Test
  void thePageSaysWhatARowIsCountedAs() throws IOException {
    CachedRow row = new CachedRow("", 0, true);
    row.sequence = new SequenceState();
    int bytes = row.measure();
    String said =
        bytes + " bytes, 4 for each float of state and 1 for each character of key and origin";
    assertTrue(Files.readString(Path.of("docs/state.md")).contains(said), said);
  }

  /** Against a plain map, with rooms and bounds from nothing to plenty. */
  @Test
  void randomCallsGiveWhatAMapGives() throws Exception {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      check(random, "run " + run + ", " + Seeds.message(seed));
    }
  }

  private static void check(Random random, String where) throws Exception {
    SerializingState backend = new SerializingState();
    long limit = random.nextInt(5) == 0 ? 1 : random.nextInt(8000);
    int mostChanged = random.nextInt(12);
    int fewChanged = random.nextBoolean() ? NO_FORECAST : random.nextInt(4);
    CachedStore store = new CachedStore(backend, backend, limit, mostChanged, fewChanged);
    Map<String, Long> model = new TreeMap<>();
    long steps = 0;
    for (int i = 0; i < 400; i++) {
      String key = "S" + (int) Math.abs(random.nextGaussian() * 8);
      backend.set(key);
      switch (random.nextInt(12)) {
        case 0 -> {
          store.remove();
          model.remove(key);
        }
        case 1 -> {
          store.flush();
          assertEquals(0, store.changedRows(), where);
          assertEquals(model, backend.allSteps(), where);
        }
        case 2 -> store.put(sequence(model.merge(key, ++steps, (old, now) -> now)));
        case 3, 4 -> assertSteps(model.get(key), store.get(), where);
        default -> {
          SequenceState sequence = store.get();
          assertSteps(model.get(key), sequence, where);
          SequenceState changed = sequence == null ? sequence(0) : sequence;
          changed.steps = ++steps;
          if (random.nextInt(5) == 0) {
            changed.output = new float[random.nextInt(400)];
          }
          // As in a batch: others come between the get and the put.
          backend.set("T" + random.nextInt(3));
          store.get();
          backend.set(key);
          store.put(changed);
          model.put(key, steps);
        }
      }
      assertEquals(key, backend.get(), where);
      assertTrue(store.bytes() <= limit, where);
      assertTrue(store.changedRows() <= mostChanged, where);
      assertTrue(store.changedRows() <= store.rows(), where);
    }
    store.flush();
    assertEquals(model, backend.allSteps(), where);
  }

  private static void assertSteps(Long expected, SequenceState found, String where) {
    assertEquals(expected, found == null ? null : (Long) found.steps, where);
  }

  @Test
  void recentTextsComeBackAsTheSameObject() {
    RecentTexts texts = new RecentTexts();
    byte[] bytes = "weather/0@ and more".getBytes(UTF_8);
    String first = texts.text(bytes, 10);
    assertEquals("weather/0@", first);
    assertSame(first, texts.text(bytes.clone(), 10));
    assertEquals("weather/0@ and", texts.text(bytes, 14));
  }

  @Test
  void recentTextsKeepCollidingTextsApart() {
    RecentTexts read = new RecentTexts();
    RecentTexts written = new RecentTexts();
    List<String> texts = new ArrayList<>(List.of("", "Aa", "BB", "é", "日本", "\uD83D\uDE00"));
    for (int i = 0; i < 300; i++) {
      texts.add("t" + i % 200 + "/@");
    }
    for (String text : texts) {
      byte[] bytes = written.bytes(text);
      assertEquals(text, new String(bytes, UTF_8));
      assertEquals(text, read.text(bytes, bytes.length));
    }
  }

  /** Keeps bytes, as RocksDB does, and remembers what it was asked. */
  private static final class SerializingState implements ValueState<SequenceState>, CurrentKey {
    private final Map<String, byte[]> values = new HashMap<>();
    private final SequenceStateSerializer serializer = new SequenceStateSerializer();
    private final List<String> calls = new ArrayList<>();
    private String key;

    @Override
    public String get() {
      return key;
    }

    @Override
    public void set(String key) {
      this.key = key;
    }

    @Override
    public int group(String key) {
      return key.charAt(0) % 3;
    }

    @Override
    public SequenceState value() throws IOException {
      calls.add("get " + key);
      return stored(key);
    }

    SequenceState stored(String of) throws IOException {
      byte[] bytes = values.get(of);
      return bytes == null ? null : serializer.deserialize(new DataInputDeserializer(bytes));
    }

    Map<String, Long> allSteps() throws IOException {
      Map<String, Long> steps = new TreeMap<>();
      for (String of : values.keySet()) {
        steps.put(of, stored(of).steps);
      }
      return steps;
    }

    @Override
    public void update(SequenceState value) throws IOException {
      calls.add("put " + key);
      DataOutputSerializer out = new DataOutputSerializer(16);
      serializer.serialize(value, out);
      values.put(key, out.getCopyOfBuffer());
    }

    @Override
    public void clear() {
      calls.add("clear " + key);
      values.remove(key);
    }
  }
}
