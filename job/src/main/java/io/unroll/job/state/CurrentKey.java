package io.unroll.job.state;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.jspecify.annotations.Nullable;

/** The series that a state backend's values are of. */
interface CurrentKey {
  /** Null before the first. */
  @Nullable String get();

  void set(String key);

  /** The key group of any key, which is what the backend's rows are sorted by first. */
  int group(String key);

  /**
   * The key of a state backend.
   *
   * @param groups the operator's key groups: its maximum parallelism
   */
  static CurrentKey of(KeyedStateBackend<String> backend, int groups) {
    return new CurrentKey() {
      @Override
      public @Nullable String get() {
        return backend.getCurrentKey();
      }

      @Override
      public void set(String key) {
        backend.setCurrentKey(key);
      }

      @Override
      public int group(String key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, groups);
      }
    };
  }
}
