package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.HeldBack;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.jspecify.annotations.Nullable;

/** What is held back, in Flink's keyed state. */
final class FlinkHeldBack implements HeldBack.Kept {
  private final MapState<Long, List<Observation>> state;

  FlinkHeldBack(MapState<Long, List<Observation>> state) {
    this.state = state;
  }

  @Override
  public @Nullable List<Observation> get(long timestamp) throws Exception {
    return state.get(timestamp);
  }

  @Override
  public void put(long timestamp, List<Observation> observations) throws Exception {
    state.put(timestamp, observations);
  }

  @Override
  public Iterator<Map.Entry<Long, List<Observation>>> all() throws Exception {
    return state.iterator();
  }
}
