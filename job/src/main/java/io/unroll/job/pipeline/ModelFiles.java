package io.unroll.job.pipeline;

import io.unroll.job.describe.Checks;
import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.ModelFacts;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.Networks;
import io.unroll.model.RecurrentModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the models that a file names. Their own mistakes stand beside the file's: all are reported
 * at once.
 */
final class ModelFiles {
  private final Findings findings;
  private final Models models;
  private final Pipeline.Model files;

  ModelFiles(Findings findings, Models models, Pipeline.Model files) {
    this.findings = findings;
    this.models = models;
    this.files = files;
  }

  /** The networks, as far as they can be read; the rest is reported. */
  Networks read(Description description) {
    ModelFacts reading = reading(Checks.isAlone(description));
    RecurrentModel decoder = decoder(files.decoder());
    return new Networks(reading, models.model(), decoder);
  }

  /** The facts of what reads the observations; null if it cannot, which has been reported. */
  private @Nullable ModelFacts reading(boolean alone) {
    String onnx = ModelKeys.ONNX.path();
    String encoder = ModelKeys.ENCODER.path();
    String key = alone ? DecoderKeys.ONNX.path() : findings.isPlaced(encoder) ? encoder : onnx;
    if (findings.isWrong(key)
        || findings.isWrong(ModelKeys.FOLLOW.path())
        || findings.isWrong(ModelKeys.STATES.path())) {
      return null;
    }
    try {
      return models.read(files);
    } catch (Models.RefusedException refused) {
      refused(refused.key().equals(onnx) ? key : refused.key(), refused);
      return null;
    }
  }

  private @Nullable RecurrentModel decoder(@Nullable Path file) {
    if (file == null || findings.isWrong(DecoderKeys.ONNX.path())) {
      return null;
    }
    try {
      return models.readDecoder(file, files.kernel());
    } catch (Models.RefusedException refused) {
      refused(refused.key(), refused);
      return null;
    }
  }

  private void refused(String key, Models.RefusedException refused) {
    findings.mistake(key, "found a model that cannot be streamed: " + refused.getMessage());
  }
}
