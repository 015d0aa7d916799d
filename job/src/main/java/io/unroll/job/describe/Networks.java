package io.unroll.job.describe;

import io.unroll.model.RecurrentModel;
import org.jspecify.annotations.Nullable;

/**
 * The networks that a pipeline names, as far as they could be read.
 *
 * @param reading what is known of what reads the observations; of the decoder where it is alone
 * @param model the same, to run; null where only facts are known
 * @param decoder a decoder behind an encoder; null without
 */
public record Networks(
    @Nullable ModelFacts reading,
    @Nullable RecurrentModel model,
    @Nullable RecurrentModel decoder) {

  /** Networks that have been read. */
  public static Networks of(RecurrentModel model, @Nullable RecurrentModel decoder) {
    return new Networks(ModelFacts.of(model), model, decoder);
  }
}
