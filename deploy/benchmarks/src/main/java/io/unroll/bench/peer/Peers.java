package io.unroll.bench.peer;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/** What Unroll is compared with. Its provider is there only when built with the profile peers. */
public interface Peers {
  /** The kernel that steps by ONNX Runtime, for {@code model.kernel}. */
  String ONNX_RUNTIME = "onnxruntime";

  /** A step by ONNX Runtime on one thread, inputs and outputs preallocated, the state fed back. */
  Step step(Shape shape);

  /**
   * ONNX Runtime called for every event, one row at a time, the state in Flink's.
   *
   * @param neurons of the LSTM
   */
  KeyedProcessFunction<String, Observation, Prediction> perEvent(int neurons);

  /** A Kafka broker in this JVM. */
  Broker broker() throws IOException;

  /** A broker that runs. */
  interface Broker extends AutoCloseable {
    /** What clients connect to. */
    String bootstrapServers();

    @Override
    void close() throws IOException;
  }

  /** The peers, if this is a build with them. */
  static Optional<Peers> find() {
    return ServiceLoader.load(Peers.class).findFirst();
  }

  /**
   * The peers.
   *
   * @throws IllegalStateException in a build without them
   */
  static Peers get() {
    return find()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no peers on the class path: build with the Maven profile 'peers', as"
                        + " deploy/bench does"));
  }
}
