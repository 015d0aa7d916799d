package io.unroll.bench.kafka;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Makes of each observation a record like a prediction, of the same size, and has no state. */
final class WithoutModel extends KeyedProcessFunction<String, Observation, Prediction> {
  private static final long serialVersionUID = 1L;

  private final String model;
  private final int outputs;

  WithoutModel(String model, int outputs) {
    this.model = model;
    this.outputs = outputs;
  }

  @Override
  public void processElement(Observation observation, Context context, Collector<Prediction> out) {
    double[] features = observation.features;
    if (features == null) {
      throw new IllegalStateException(observation + ": no features");
    }
    Prediction prediction = new Prediction();
    prediction.series = observation.series;
    prediction.sequence = Long.toString(observation.timestamp);
    prediction.step = observation.position & 0xff;
    prediction.timestamp = observation.timestamp;
    prediction.output = new float[outputs];
    for (int i = 0; i < outputs; i++) {
      prediction.output[i] = (float) (features[i] * 0.1); // as many digits as a model's output
    }
    prediction.model = model;
    prediction.origin = observation.origin;
    prediction.position = observation.position;
    out.collect(prediction);
  }
}
