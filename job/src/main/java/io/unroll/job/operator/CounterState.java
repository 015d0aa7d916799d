package io.unroll.job.operator;

import io.unroll.job.state.Counters;
import io.unroll.job.state.UnusableStateException;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;

/** The counters in operator state: one array of each subtask, added up where they are restored. */
final class CounterState {
  private final ListState<long[]> state;

  CounterState(OperatorStateStore store) throws Exception {
    // The name is in every savepoint: it cannot change.
    state =
        store.getListState(
            new ListStateDescriptor<>("counters", LongPrimitiveArraySerializer.INSTANCE));
  }

  /**
   * Adds what was counted before a restore.
   *
   * @throws UnusableStateException if a newer Unroll counted more
   */
  void restoreTo(Counters counters) throws Exception {
    for (long[] restored : state.get()) {
      try {
        counters.addAll(restored);
      } catch (IllegalArgumentException e) {
        throw new UnusableStateException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  void update(Counters counters) throws Exception {
    state.update(List.of(counters.toArray()));
  }
}
