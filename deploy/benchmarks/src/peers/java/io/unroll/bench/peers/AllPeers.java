package io.unroll.bench.peers;

import io.unroll.bench.network.Networks;
import io.unroll.bench.peer.Peers;
import io.unroll.bench.peer.Shape;
import io.unroll.bench.peer.Step;
import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import java.io.IOException;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/** ONNX Runtime, and the broker of connectors' tests. */
public final class AllPeers implements Peers {

  @Override
  public Step step(Shape shape) {
    PinnedSession session =
        new PinnedSession(
            shape.cell(),
            Networks.weights(shape.cell(), shape.inputs(), shape.neurons()),
            shape.rows());
    session.x().put(0, Networks.inputs(shape.rows() * shape.inputs()));
    return new Step() {
      private int side;

      @Override
      public void run() {
        session.run(side);
        side = 1 - side;
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  @Override
  public KeyedProcessFunction<String, Observation, Prediction> perEvent(int neurons) {
    return new PerEvent(neurons);
  }

  @Override
  public Broker broker() throws IOException {
    EmbeddedBroker broker = EmbeddedBroker.start();
    return new Broker() {
      @Override
      public String bootstrapServers() {
        return broker.bootstrapServers();
      }

      @Override
      public void close() throws IOException {
        broker.close();
      }
    };
  }
}
