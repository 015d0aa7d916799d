package io.unroll.job;

import io.unroll.job.pipeline.ModelFacts;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
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
      RecurrentModel read = bytes.read(Kernels.named(named.kernel()));
      file = bytes;
      model = read;
      return new ModelFacts(
          read.name(),
          read.inputSize(),
          read.outputSize(),
          read.featureNames(),
          read.outputNames());
    } catch (OnnxException e) {
      throw new ModelFacts.RefusedException(key(named, String.valueOf(e.getMessage())), e);
    } catch (IOException e) {
      throw new ModelFacts.RefusedException(e);
    }
  }

  /** Which line of the file to look at: a refusal quotes the output or the state it is about. */
  private static String key(Pipeline.Model named, String refusal) {
    String output = named.output();
    if (output != null && refusal.contains("no output '" + output + "'")) {
      return "model.output";
    }
    for (String state : named.states().keySet()) {
      if (refusal.contains("state '" + state + "'")
          || refusal.contains("state '" + state + ": " + named.states().get(state) + "'")) {
        return "model.state";
      }
    }
    return "model.onnx";
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
