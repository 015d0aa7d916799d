package io.unroll.job.state;

import org.apache.flink.api.common.state.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * Every call goes to the state backend. The heap needs nothing in front of it: it gives the object
 * itself, and a copy only of one that a snapshot still reads.
 */
final class DirectStore implements SequenceStore {
  private final ValueState<SequenceState> state;

  DirectStore(ValueState<SequenceState> state) {
    this.state = state;
  }

  @Override
  public @Nullable SequenceState get() throws Exception {
    return state.value();
  }

  @Override
  public void put(SequenceState sequence) throws Exception {
    state.update(sequence);
  }

  @Override
  public void remove() {
    state.clear();
  }

  @Override
  public void flush() {
    // Nothing waits here.
  }
}
