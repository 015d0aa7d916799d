package io.unroll.job.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What waits for the watermark, without Flink. */
final class HeldBackTest {
  private static final int MANY = 5 * HeldBack.MOST_TOGETHER;

  private final InMemory memory = new InMemory();
  private final HeldBack heldBack = new HeldBack(memory);
  private final SequenceState series = SequenceState.closed();

  @Test
  void manyOfOneTimestampComeOutAsTheyCame() throws Exception {
    for (int i = 0; i < MANY; i++) {
      heldBack.add(series, at(1000, i));
      heldBack.add(series, at(2000, i));
    }
    assertPositions(heldBack.take(series, 1000), 1000);
    assertEquals(2000, series.heldFrom);
    assertPositions(heldBack.take(series, 2000), 2000);
    assertEquals(SequenceState.NEVER, series.heldFrom);
    assertTrue(memory.byTimestamp.isEmpty() && memory.more.isEmpty());
  }

  /** What one record costs does not grow with those that wait already. */
  @Test
  void rejectedRecordsCostTheSameEachHoweverManyWait() throws Exception {
    for (int i = 0; i < MANY; i++) {
      heldBack.add(series, at(1000 + i, i));
    }
    memory.touched = 0;
    for (int i = 0; i < MANY; i++) {
      heldBack.addBehind(series, at(0, i));
    }
    assertTrue(memory.touched <= MANY * (2L * HeldBack.MOST_TOGETHER), () -> "" + memory.touched);
    List<Observation> taken = heldBack.take(series, Long.MAX_VALUE);
    assertEquals(2 * MANY, taken.size());
    assertPositions(taken.subList(MANY, 2 * MANY), 1000 + MANY - 1);
  }

  /** The highest timestamp is not in state: it is found again after a restore. */
  @Test
  void aRejectedRecordWaitsBehindTheHighestAlsoAfterARestore() throws Exception {
    heldBack.add(series, at(2000, 0));
    heldBack.add(series, at(1000, 1));
    series.heldTo = SequenceState.NONE;
    heldBack.addBehind(series, at(0, 2));
    heldBack.add(series, at(3000, 3));
    heldBack.addBehind(series, at(0, 4));
    assertEquals(
        List.of(1L, 0L, 2L, 3L, 4L),
        heldBack.take(series, 3000).stream().map(one -> one.position).toList());
  }

  @Test
  void aRejectedRecordNeedsSomethingToWaitBehind() {
    assertThrows(IllegalStateException.class, () -> heldBack.addBehind(series, at(0, 0)));
  }

  private static Observation at(long timestamp, long position) {
    return Observation.of("A", timestamp, 1).at("feed:", position);
  }

  private static void assertPositions(List<Observation> observations, long timestamp) {
    assertEquals(MANY, observations.size());
    for (int i = 0; i < MANY; i++) {
      assertEquals(i, observations.get(i).position);
      assertEquals(timestamp, observations.get(i).timestamp);
    }
  }

  /** Counts the observations and entries that are read or written. */
  private static final class InMemory implements HeldBack.Kept {
    final Map<Long, List<Observation>> byTimestamp = new HashMap<>();
    final List<Observation> more = new ArrayList<>();
    long touched;

    @Override
    public @Nullable List<Observation> get(long timestamp) {
      List<Observation> found = byTimestamp.get(timestamp);
      touched += found == null ? 0 : found.size();
      return found;
    }

    @Override
    public void put(long timestamp, List<Observation> observations) {
      touched += observations.size();
      byTimestamp.put(timestamp, observations);
    }

    @Override
    public Iterator<Map.Entry<Long, List<Observation>>> all() {
      touched += byTimestamp.size();
      return byTimestamp.entrySet().iterator();
    }

    @Override
    public void addMore(Observation observation) {
      touched++;
      more.add(observation);
    }

    @Override
    public Iterable<Observation> more() {
      return List.copyOf(more);
    }

    @Override
    public void setMore(List<Observation> observations) {
      more.clear();
      more.addAll(observations);
    }
  }
}
