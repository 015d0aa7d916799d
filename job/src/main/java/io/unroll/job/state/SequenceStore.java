package io.unroll.job.state;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.jspecify.annotations.Nullable;

/**
 * The open sequences of a subtask, each under the key that is current in Flink's keyed state
 * backend. What {@link #get} gave may be changed and must be {@link #put} back.
 */
public interface SequenceStore {
  /**
   * The store for a state backend: nothing in front of one on the heap, also where the changelog
   * backend is around it, or where the cache has no room; a {@link CachedStore} in front of any
   * other.
   *
   * @param keyGroups of the operator
   * @param cacheBytes room for live series
   * @param metrics where a cache shows what it does
   */
  static SequenceStore of(
      KeyedStateBackend<String> backend,
      int keyGroups,
      ValueState<SequenceState> state,
      long cacheBytes,
      MetricGroup metrics) {
    boolean onHeap =
        backend.getBackendTypeIdentifier().equals(StateBackendLoader.HASHMAP_STATE_BACKEND_NAME);
    return onHeap || cacheBytes == 0
        ? new DirectStore(state)
        : new CachedStore(
                CurrentKey.of(backend, keyGroups),
                state,
                cacheBytes,
                CachedStore.MOST_CHANGED,
                CachedStore.FEW_CHANGED)
            .shownIn(metrics);
  }

  /** The open sequence of the current key, or null. */
  @Nullable SequenceState get() throws Exception;

  /** Makes it the open sequence of the current key. */
  void put(SequenceState sequence) throws Exception;

  /** The current key has no open sequence any more. */
  void remove() throws Exception;

  /**
   * Brings the state backend up to date: before a checkpoint's barrier. Leaves no current key that
   * anybody may rely on.
   */
  void flush() throws Exception;
}
