package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/** The models that are served, found by the fingerprint in the state of a series. There is one. */
public final class ServedModels {
  private final ServedModel only;

  public ServedModels(ServedModel only) {
    this.only = only;
  }

  /** The model of a sequence that opens now. */
  ServedModel newest() {
    return only;
  }

  /**
   * The model whose state an open sequence has.
   *
   * @throws IllegalStateException if it is not served
   */
  ServedModel of(String series, SequenceState open) {
    if (open.model != only.fingerprint()) {
      throw new IllegalStateException(
          String.format(
              "series '%s': its state is of model %016x, this job runs %s (%016x): a hidden state"
                  + " means nothing to another model. Start from a savepoint of this model, or"
                  + " without the old state.",
              series, open.model, only.id(), only.fingerprint()));
    }
    return only;
  }

  /**
   * The model that steps an observation: of the sequence that goes on with it, or the newest where
   * it opens one.
   *
   * @param kept of the series; null for nothing
   * @param closing why the open sequence closes before the observation; null if it goes on
   * @throws IllegalStateException if the sequence that goes on is of a model that is not served
   */
  ServedModel stepping(String series, @Nullable SequenceState kept, @Nullable CloseReason closing) {
    return kept == null || !kept.open || closing != null ? newest() : of(series, kept);
  }
}
