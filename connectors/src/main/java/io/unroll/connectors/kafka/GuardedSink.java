package io.unroll.connectors.kafka;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Flink's Kafka sink behind a guard: a failure names its topic, and nothing fails twice.
 *
 * <p>Flink ends the whole TaskManager, with everybody's jobs, when an operator throws while a task
 * that has failed or is cancelled is cleaned up. Flink's Kafka writer does: it throws what its
 * producer said of the records behind the one that failed the task, and what goes wrong while it
 * aborts its transaction. So nothing that is closed here throws. No record is lost by that: what
 * was sent before a checkpoint or the end of the input has been flushed and checked by then.
 *
 * <p>State and committables are those of Flink's sink: one restores from the other.
 */
final class GuardedSink<StateT, CommT>
    implements Sink<OutboundRecord>,
        SupportsWriterState<OutboundRecord, StateT>,
        SupportsCommitter<CommT>,
        SupportsPostCommitTopology<CommT> {

  private static final long serialVersionUID = 1L;

  private final TwoPhaseCommittingStatefulSink<OutboundRecord, StateT, CommT> sink;
  private final SupportsPostCommitTopology<CommT> topology;
  private final Map<String, String> properties;
  private final Around<CommT> around;

  /** What stands around the sink's own committer, and closes it. */
  interface Around<CommT> extends Serializable {
    Committer<CommT> of(Committer<CommT> committer);
  }

  private <
          SinkT extends
              TwoPhaseCommittingStatefulSink<OutboundRecord, StateT, CommT>
                  & SupportsPostCommitTopology<CommT>>
      GuardedSink(SinkT sink, Map<String, String> properties, Around<CommT> around) {
    this.sink = sink;
    this.topology = sink;
    this.properties = properties;
    this.around = around;
  }

  /**
   * A sink before its guard.
   *
   * @param properties of the producer
   */
  static <
          StateT,
          CommT,
          SinkT extends
              TwoPhaseCommittingStatefulSink<OutboundRecord, StateT, CommT>
                  & SupportsPostCommitTopology<CommT>>
      Sink<OutboundRecord> of(SinkT sink, Map<String, String> properties, Around<CommT> around) {
    return new GuardedSink<StateT, CommT>(sink, properties, around);
  }

  /** Makes Flink's writer, in a context whose mailbox explains failures. */
  private interface Making<StateT, CommT> extends Serializable {
    PrecommittingStatefulSinkWriter<OutboundRecord, StateT, CommT> in(WriterInitContext context)
        throws IOException;
  }

  private GuardedWriter<StateT, CommT> writer(
      WriterInitContext context, Making<StateT, CommT> making) throws IOException {
    SentRecords sent = new SentRecords(new TopicLimitsReader(properties, AnswerTimeout.SHORT));
    return new GuardedWriter<>(making.in(new ExplainingContext(context, sent)), sent);
  }

  @Override
  public GuardedWriter<StateT, CommT> createWriter(WriterInitContext context) throws IOException {
    return writer(context, sink::createWriter);
  }

  @Override
  public GuardedWriter<StateT, CommT> restoreWriter(
      WriterInitContext context, Collection<StateT> state) throws IOException {
    return writer(context, explaining -> sink.restoreWriter(explaining, state));
  }

  @Override
  public SimpleVersionedSerializer<StateT> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public Committer<CommT> createCommitter(CommitterInitContext context) throws IOException {
    Committer<CommT> committer = around.of(sink.createCommitter(context));
    return new Committer<>() {
      @Override
      public void commit(Collection<CommitRequest<CommT>> requests)
          throws IOException, InterruptedException {
        committer.commit(requests);
      }

      @Override
      public void close() {
        Closing.quietly(committer, "committer");
      }
    };
  }

  @Override
  public SimpleVersionedSerializer<CommT> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }

  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<CommT>> committables) {
    topology.addPostCommitTopology(committables);
  }
}
