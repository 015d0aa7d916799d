package io.unroll.job.life;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;

/** Where the rules write to: one method per output. What is written may be kept. */
public interface Outlet {
  /** A prediction goes out, of a step, of a close or of a decoder. */
  void prediction(Prediction prediction);

  /** A sequence has opened or closed. */
  void event(SequenceEvent event);

  /** A record cannot be used. */
  void rejected(Rejected rejected);

  /** A record came too late to be used. */
  void late(Rejected late);

  /** A prediction was held against what came true. */
  void evaluation(Evaluation pair);
}
