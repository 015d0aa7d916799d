package io.unroll.job.state;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;

/** The store for each of Flink's state backends. */
public final class SequenceStores {
  private SequenceStores() {}

  /**
   * The store for a state backend: nothing in front of one on the heap, also where the changelog
   * backend is around it, or where the cache has no room; a {@link CachedStore} in front of any
   * other.
   *
   * @param keyGroups of the operator
   * @param cacheBytes room for live series
   * @param metrics where a cache shows what it does
   */
  public static SequenceStore of(
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
}
