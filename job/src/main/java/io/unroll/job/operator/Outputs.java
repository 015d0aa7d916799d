package io.unroll.job.operator;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** The operator's outputs beside its predictions. The ids are part of the job graph. */
public final class Outputs {
  /** Sequences that opened and closed. */
  public static final OutputTag<SequenceEvent> SEQUENCES =
      new OutputTag<>("sequences", TypeInformation.of(SequenceEvent.class));

  /** Records that could not be used. */
  public static final OutputTag<Rejected> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejected.class));

  /** Observations that found no open sequence and came after the watermark had passed it. */
  public static final OutputTag<Rejected> LATE =
      new OutputTag<>("late", TypeInformation.of(Rejected.class));

  /** Predictions beside what came true. */
  public static final OutputTag<Evaluation> EVALUATIONS =
      new OutputTag<>("evaluations", TypeInformation.of(Evaluation.class));

  private Outputs() {}
}
