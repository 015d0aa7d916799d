package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.ObservationSerializer;
import io.unroll.job.life.HeldBack;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.jspecify.annotations.Nullable;

/** What is held back, in Flink's keyed state. */
final class FlinkHeldBack implements HeldBack.Kept {
  // These names are in every savepoint: they cannot change.
  private static final String BY_TIMESTAMP = "held-back";
  private static final String MORE = "held-back-more";

  private final MapState<Long, List<Observation>> byTimestamp;
  private final ListState<Observation> more;

  FlinkHeldBack(KeyedStateStore store) {
    byTimestamp =
        store.getMapState(
            new MapStateDescriptor<>(
                BY_TIMESTAMP,
                LongSerializer.INSTANCE,
                new ListSerializer<>(new ObservationSerializer())));
    more = store.getListState(new ListStateDescriptor<>(MORE, new ObservationSerializer()));
  }

  @Override
  public @Nullable List<Observation> get(long timestamp) throws Exception {
    return byTimestamp.get(timestamp);
  }

  @Override
  public void put(long timestamp, List<Observation> observations) throws Exception {
    byTimestamp.put(timestamp, observations);
  }

  @Override
  public Iterator<Map.Entry<Long, List<Observation>>> all() throws Exception {
    return byTimestamp.iterator();
  }

  @Override
  public void addMore(Observation observation) throws Exception {
    more.add(observation);
  }

  @Override
  public Iterable<Observation> more() throws Exception {
    return more.get();
  }

  @Override
  public void setMore(List<Observation> observations) throws Exception {
    more.update(observations);
  }
}
