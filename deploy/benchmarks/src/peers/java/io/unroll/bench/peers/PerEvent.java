package io.unroll.bench.peers;

import io.unroll.bench.network.Networks;
import io.unroll.bench.peer.Shape;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The eighty lines: state from Flink, one call of ONNX Runtime, state to Flink, a prediction. It
 * keeps no times, closes nothing and writes the fewest fields, all to its advantage.
 */
final class PerEvent extends KeyedProcessFunction<String, Observation, Prediction> {
  private static final long serialVersionUID = 1L;

  private final int neurons;
  private transient PinnedSession session;
  private transient ValueState<float[]> state; // h, then c

  @SuppressWarnings("NullAway.Init") // set in open
  PerEvent(int neurons) {
    this.neurons = neurons;
  }

  @Override
  public void open(OpenContext context) {
    session =
        new PinnedSession(
            Shape.Cell.LSTM,
            Networks.weights(Shape.Cell.LSTM, Shape.INPUTS, neurons),
            1);
    state =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "state", PrimitiveArrayTypeInfo.FLOAT_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  @Override
  public void processElement(Observation observation, Context context, Collector<Prediction> out)
      throws Exception {
    double[] features = observation.features;
    if (features == null) {
      throw new IllegalStateException(observation + ": no features");
    }
    float[] values = state.value();
    if (values == null) {
      values = new float[2 * neurons];
    }
    for (int i = 0; i < features.length; i++) {
      session.x().put(i, (float) features[i]);
    }
    session.h(0).put(0, values, 0, neurons);
    session.c(0).put(0, values, neurons, neurons);
    session.run(0);
    session.h(1).get(0, values, 0, neurons);
    session.c(1).get(0, values, neurons, neurons);
    state.update(values);
    Prediction prediction = new Prediction();
    prediction.series = observation.series;
    prediction.timestamp = observation.timestamp;
    prediction.output = new float[neurons];
    System.arraycopy(values, 0, prediction.output, 0, neurons);
    out.collect(prediction);
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
