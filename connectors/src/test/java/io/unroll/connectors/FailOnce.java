package io.unroll.connectors;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Passes records on and throws once: at the first record after a checkpoint that has seen enough of
 * them. Runs slowly enough for checkpoints to come in between.
 */
public final class FailOnce<T> implements MapFunction<T, T>, CheckpointListener {

  private static final long serialVersionUID = 1L;

  /** The tests' own view into the tasks, one queue per instance of this function. */
  private static final Map<String, Queue<Object>> SEEN = new ConcurrentHashMap<>();

  private static final Map<String, Boolean> FAILED = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private final int enough;
  private final int pause;

  private int count;
  private boolean due;

  /**
   * @param enough fail after a checkpoint that follows this many records
   * @param pause a millisecond every so many records
   */
  public FailOnce(int enough, int pause) {
    this.enough = enough;
    this.pause = pause;
    SEEN.put(id, new ConcurrentLinkedQueue<>());
  }

  @Override
  public T map(T record) throws Exception {
    if (due && FAILED.putIfAbsent(id, true) == null) {
      throw new IllegalStateException("failed on purpose");
    }
    count++;
    if (count % pause == 0) {
      Thread.sleep(1);
    }
    SEEN.get(id).add(record);
    return record;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    due = count >= enough;
  }

  /** True if it has thrown. */
  public boolean hasFailed() {
    return FAILED.containsKey(id);
  }

  /** All records that came by, those before the failure and those after. */
  public List<Object> seen() {
    return List.copyOf(SEEN.get(id));
  }
}
