package io.unroll.connectors.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.kafka.common.KafkaException;

/**
 * Flink's Kafka writer: its failures are explained by what was sent, and closing it fails nobody.
 */
final class GuardedWriter<StateT, CommT>
    implements PrecommittingStatefulSinkWriter<OutboundRecord, StateT, CommT> {

  private final PrecommittingStatefulSinkWriter<OutboundRecord, StateT, CommT> writer;
  private final SentRecords sent;

  GuardedWriter(
      PrecommittingStatefulSinkWriter<OutboundRecord, StateT, CommT> writer, SentRecords sent) {
    this.writer = writer;
    this.sent = sent;
  }

  @Override
  public void write(OutboundRecord record, Context context)
      throws IOException, InterruptedException {
    sent.add(record);
    try {
      writer.write(record, context);
    } catch (IOException | KafkaException e) {
      throw sent.explained(e);
    }
  }

  @Override
  public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
    writer.writeWatermark(watermark);
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    try {
      writer.flush(endOfInput);
    } catch (IOException | KafkaException e) {
      throw sent.explained(e);
    }
    sent.clear();
  }

  @Override
  public Collection<CommT> prepareCommit() throws IOException, InterruptedException {
    return writer.prepareCommit();
  }

  @Override
  public List<StateT> snapshotState(long checkpointId) throws IOException {
    return writer.snapshotState(checkpointId);
  }

  @Override
  public void close() {
    Closing.quietly(writer, "writer");
  }
}
