package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.CountersAccumulator;
import io.unroll.job.state.RejectedReasons;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Parts what a source read: observations go on, and so do rejected records of a series, which the
 * sequences hand on in the order of that series. One whose series could not be read has no order
 * and goes to {@link Outputs#REJECTED} from here. Counts what was read, what it rejected itself and
 * what is skipped, in operator state, so that the accounting covers what never reached a series.
 */
@SuppressWarnings("NullAway.Init") // runtime fields are set in initializeState
final class ReadingSplitter extends ProcessFunction<Reading, Observation>
    implements CheckpointedFunction {
  private static final long serialVersionUID = 1L;

  private final Accounts accounts;

  private transient Counters counters;
  private transient RejectedReasons reasons;
  private transient CounterState countersState;

  ReadingSplitter(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    countersState = new CounterState(context.getOperatorStateStore());
    counters = new Counters();
    countersState.restoreTo(counters);
  }

  @Override
  public void open(OpenContext context) {
    getRuntimeContext().addAccumulator(accounts.readings(), new CountersAccumulator(counters));
    reasons = new RejectedReasons();
    getRuntimeContext().addAccumulator(accounts.readingsRejected(), reasons);
    for (Counter counter : List.of(Counter.INPUTS, Counter.REJECTED, Counter.SKIPPED)) {
      getRuntimeContext()
          .getMetricGroup()
          .addGroup("unroll")
          .gauge(counter.label(), () -> counters.get(counter));
    }
  }

  @Override
  public void processElement(Reading reading, Context context, Collector<Observation> out) {
    if (reading.isSkipped()) {
      counters.add(Counter.INPUTS);
      counters.add(Counter.SKIPPED);
    }
    for (Reading input : reading.inputs()) {
      split(input, context, out);
    }
  }

  private void split(Reading input, Context context, Collector<Observation> out) {
    counters.add(Counter.INPUTS);
    if (input.observation != null) {
      out.collect(input.observation);
      return;
    }
    Rejected rejected = Objects.requireNonNull(input.rejected);
    if (rejected.series != null) {
      out.collect(Observation.ofRejected(rejected));
    } else {
      counters.add(Counter.REJECTED);
      reasons.add(rejected.input, rejected.reason);
      context.output(Outputs.REJECTED, rejected);
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    countersState.update(counters);
  }
}
