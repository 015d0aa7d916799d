package io.unroll.bench.stream;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Discards records, and tells the {@link Probe} of each. */
final class CountingSink<T> implements Sink<T> {
  private static final long serialVersionUID = 1L;

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) {
    return new Writer<>();
  }

  private static final class Writer<T> implements SinkWriter<T> {
    @Override
    public void write(T element, Context context) {
      Probe.count();
      if (element instanceof Prediction prediction) {
        Probe.arrived(prediction.timestamp);
      } else if (element instanceof Observation observation) {
        Probe.arrived(observation.timestamp);
      }
    }

    @Override
    public void flush(boolean endOfInput) {
      // Nothing waits here.
    }

    @Override
    public void close() {
      // Nothing to give back.
    }
  }
}
