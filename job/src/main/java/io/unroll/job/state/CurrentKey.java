package io.unroll.job.state;

import org.apache.flink.runtime.state.KeyedStateBackend;
import org.jspecify.annotations.Nullable;

/** The series that a state backend's values are of. */
interface CurrentKey {
  /** Null before the first. */
  @Nullable String get();

  void set(String key);

  static CurrentKey of(KeyedStateBackend<String> backend) {
    return new CurrentKey() {
      @Override
      public @Nullable String get() {
        return backend.getCurrentKey();
      }

      @Override
      public void set(String key) {
        backend.setCurrentKey(key);
      }
    };
  }
}
