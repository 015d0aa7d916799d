package io.unroll.job.operator;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.Outlet;
import io.unroll.job.state.RejectedReasons;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** The operator's outputs in Flink: predictions in the main one, the rest beside it. */
final class FlinkOutlet implements Outlet {
  private final Output<StreamRecord<Prediction>> output;
  private final RejectedReasons reasons;

  /**
   * @param reasons groups what is rejected
   */
  FlinkOutlet(Output<StreamRecord<Prediction>> output, RejectedReasons reasons) {
    this.output = output;
    this.reasons = reasons;
  }

  @Override
  public void prediction(Prediction prediction) {
    output.collect(new StreamRecord<>(prediction, prediction.timestamp));
  }

  @Override
  public void event(SequenceEvent event) {
    output.collect(Outputs.SEQUENCES, new StreamRecord<>(event, event.timestamp));
  }

  @Override
  public void rejected(Rejected rejected) {
    reasons.add(rejected.input, rejected.reason);
    output.collect(
        Outputs.REJECTED,
        rejected.timestamp == null
            ? new StreamRecord<>(rejected)
            : new StreamRecord<>(rejected, rejected.timestamp));
  }

  @Override
  public void late(Rejected late) {
    output.collect(
        Outputs.LATE,
        late.timestamp == null
            ? new StreamRecord<>(late)
            : new StreamRecord<>(late, late.timestamp));
  }

  @Override
  public void evaluation(Evaluation pair) {
    output.collect(Outputs.EVALUATIONS, new StreamRecord<>(pair, pair.timestamp));
  }
}
