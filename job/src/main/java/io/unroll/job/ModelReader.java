package io.unroll.job;

import io.unroll.job.pipeline.ModelFacts;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the model that a pipeline file names, once, and keeps it. */
final class ModelReader implements ModelFacts.Reader {
  private @Nullable OnnxFile file;
  private @Nullable RecurrentModel model;

  @Override
  public ModelFacts read(Pipeline.Model named) throws ModelFacts.RefusedException {
    try {
      OnnxFile bytes = OnnxFile.load(named.onnx()).withStates(named.states());
      if (named.output() != null) {
        bytes = bytes.withOutput(named.output());
      }
      RecurrentModel read = bytes.read();
      file = bytes;
      model = read;
      return new ModelFacts(
          read.name(),
          read.inputSize(),
          read.outputSize(),
          read.featureNames(),
          read.outputNames());
    } catch (OnnxException | IOException e) {
      throw new ModelFacts.RefusedException(e);
    }
  }

  /** The model as bytes. */
  OnnxFile file() {
    return read(file);
  }

  /** The model. */
  RecurrentModel model() {
    return read(model);
  }

  private static <T> T read(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a pipeline without mistakes has read its model");
    }
    return value;
  }
}
