package io.unroll.job;

import io.unroll.job.describe.Checks;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.ModelFacts;
import io.unroll.job.describe.Resolution;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.pipeline.Models;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the model that a pipeline file names and its decoder, each once, and keeps them. */
final class ModelReader implements Models {
  private @Nullable OnnxFile file;
  private @Nullable RecurrentModel model;
  private @Nullable OnnxFile decoderFile;
  private @Nullable RecurrentModel decoder;
  private boolean stateful;

  @Override
  public ModelFacts read(Pipeline.Model named) throws Models.RefusedException {
    stateful = named.stateful();
    try {
      OnnxFile bytes = OnnxFile.load(named.onnx()).withStates(named.states());
      if (named.follow() != null) {
        bytes = bytes.withOutput(named.follow());
      }
      if (named.stateful()) {
        bytes = bytes.stateful();
      }
      RecurrentModel read = bytes.read(Kernels.named(named.kernel()));
      file = bytes;
      model = read;
      return ModelFacts.of(read);
    } catch (OnnxException e) {
      throw new Models.RefusedException(key(named, String.valueOf(e.getMessage())), e);
    } catch (IOException e) {
      throw new Models.RefusedException(e);
    }
  }

  /** Which line of the file to look at: a refusal quotes the output or the state it is about. */
  private static String key(Pipeline.Model named, String refusal) {
    String output = named.follow();
    if (output != null && refusal.contains("no output '" + output + "'")) {
      return "model.follow";
    }
    for (String state : named.states().keySet()) {
      if (refusal.contains("state '" + state + "'")
          || refusal.contains("state '" + state + ": " + named.states().get(state) + "'")) {
        return "model.states";
      }
    }
    return "model.onnx";
  }

  @Override
  public RecurrentModel readDecoder(Path named, String kernel) throws Models.RefusedException {
    try {
      OnnxFile bytes = OnnxFile.load(named);
      if (stateful) {
        bytes = bytes.stateful();
      }
      RecurrentModel read = bytes.read(Kernels.named(kernel));
      decoderFile = bytes;
      decoder = read;
      return read;
    } catch (OnnxException | IOException e) {
      throw new Models.RefusedException("model.decoder.onnx", e);
    }
  }

  @Override
  public @Nullable RecurrentModel model() {
    return model;
  }

  /**
   * Everything that a pipeline without mistakes has named.
   *
   * @throws IllegalStateException if its model has not been read
   */
  PipelineJob job(Pipeline pipeline) {
    RecurrentModel network = read(model);
    Description description = pipeline.description();
    boolean alone = Checks.isAlone(description);
    RecurrentModel decoding = alone ? network : decoder;
    SequenceConfig sequences =
        new Resolution(description, read(file), network, alone ? file : decoderFile, decoding)
            .config(InputSignature.of(pipeline), pipeline.source().advanceWhenIdle());
    return new PipelineJob(pipeline, sequences, network, decoding);
  }

  private static <T> T read(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a pipeline without mistakes has read its model");
    }
    return value;
  }
}
