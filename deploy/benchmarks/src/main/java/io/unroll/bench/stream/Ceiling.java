package io.unroll.bench.stream;

import io.unroll.connectors.record.Observation;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * What Flink itself costs: a state value of as many bytes as ours, every float of it read and
 * written, the observation passed on, and no model.
 */
final class Ceiling extends KeyedProcessFunction<String, Observation, Observation> {
  private static final long serialVersionUID = 1L;

  private final int floats;
  private transient ValueState<float[]> state;

  @SuppressWarnings("NullAway.Init") // set in open
  Ceiling(int floats) {
    this.floats = floats;
  }

  @Override
  public void open(OpenContext context) {
    state =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "state", PrimitiveArrayTypeInfo.FLOAT_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  @Override
  public void processElement(Observation observation, Context context, Collector<Observation> out)
      throws Exception {
    float[] values = state.value();
    if (values == null) {
      values = new float[floats];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] += 1;
    }
    state.update(values);
    out.collect(observation);
  }
}
