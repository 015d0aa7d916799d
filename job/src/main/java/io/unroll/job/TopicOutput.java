package io.unroll.job;

import io.unroll.connectors.kafka.AnswerTimeout;
import io.unroll.connectors.kafka.KafkaOutputs;
import io.unroll.connectors.kafka.OutboundRecord;
import io.unroll.connectors.kafka.TopicJudge;
import io.unroll.connectors.kafka.TopicLimits;
import io.unroll.connectors.kafka.TopicLimitsReader;
import io.unroll.job.operator.Outputs;
import io.unroll.job.state.Accounts;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of one output for its topic, and lets none pass that the topic does not take:
 * such a one goes to {@link Outputs#REJECTED} with the reason, and is counted. The step that it
 * tells of has been made, and stays made.
 *
 * <p>What is rejected or late has nowhere else to go: it is made to fit. Only where its topic does
 * not take even the reason is it logged instead.
 *
 * <p>The topic's limits are read whenever the task starts.
 */
@SuppressWarnings("NullAway.Init") // runtime fields are set in initializeState and open
final class TopicOutput<T> extends ProcessFunction<T, OutboundRecord>
    implements CheckpointedFunction {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TopicOutput.class);

  private final Target target;
  private final Accounts accounts;
  private final MapFunction<T, OutboundRecord> outbound;
  private final @Nullable Input<T> input;

  private transient TopicJudge judge;
  private transient LongCounter unwritable;
  private transient ListState<Long> unwritableState;

  /**
   * Where an output goes.
   *
   * @param output its name, {@code predictions}
   * @param what one of its records is called
   * @param topic its topic
   * @param properties of the producer
   */
  record Target(String output, String what, String topic, Map<String, String> properties)
      implements Serializable {}

  /** The place in the source that an output is about. */
  interface Input<T> extends Function<T, String>, Serializable {}

  /**
   * @param input null for what is rejected or late
   */
  TopicOutput(
      Target target,
      Accounts accounts,
      MapFunction<T, OutboundRecord> outbound,
      @Nullable Input<T> input) {
    this.target = target;
    this.accounts = accounts;
    this.outbound = outbound;
    this.input = input;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    unwritableState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("unwritable", LongSerializer.INSTANCE));
    unwritable = new LongCounter();
    for (long restored : unwritableState.get()) {
      unwritable.add(restored);
    }
  }

  @Override
  public void open(OpenContext context) throws Exception {
    TopicLimits limits =
        new TopicLimitsReader(target.properties(), AnswerTimeout.AT_START).read(target.topic());
    LOG.info("{}: topic '{}' takes {}", target.output(), target.topic(), limits);
    judge = new TopicJudge(limits, System::currentTimeMillis);
    getRuntimeContext().addAccumulator(accounts.unwritable(target.output()), unwritable);
    getRuntimeContext()
        .getMetricGroup()
        .addGroup("unroll")
        .gauge("unwritable", unwritable::getLocalValuePrimitive);
  }

  @Override
  public void processElement(T value, Context context, Collector<OutboundRecord> out)
      throws Exception {
    OutboundRecord record = outbound.map(value);
    if (judge.takes(record)) {
      out.collect(record);
    } else if (input != null) {
      unwritable.add(1);
      context.output(
          Outputs.REJECTED,
          KafkaOutputs.unwritable(
              target.output(), record, input.apply(value), judge.objection(record, target.what())));
    } else if (judge.fit(record)) {
      out.collect(record);
    } else {
      unwritable.add(1);
      LOG.warn("{}: lost {}", target.output(), judge.objection(record, target.what()));
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    unwritableState.update(List.of(unwritable.getLocalValuePrimitive()));
  }
}
