package io.unroll.job;

import io.unroll.job.pipeline.ModelCheck;
import io.unroll.job.pipeline.ModelFacts;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the model that a pipeline file names and its decoder, each once, and keeps them. */
final class ModelReader implements ModelFacts.Reader {
  private @Nullable OnnxFile file;
  private @Nullable RecurrentModel model;
  private @Nullable OnnxFile decoderFile;
  private @Nullable RecurrentModel decoder;
  private boolean stateful;

  @Override
  public ModelFacts read(Pipeline.Model named) throws ModelFacts.RefusedException {
    stateful = named.stateful();
    try {
      OnnxFile bytes = OnnxFile.load(named.onnx()).withStates(named.states());
      if (named.output() != null) {
        bytes = bytes.withOutput(named.output());
      }
      if (named.stateful()) {
        bytes = bytes.stateful();
      }
      RecurrentModel read = bytes.read(Kernels.named(named.kernel()));
      file = bytes;
      model = read;
      return ModelFacts.of(read);
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

  @Override
  public RecurrentModel readDecoder(Pipeline.Decoder named, String kernel)
      throws ModelFacts.RefusedException {
    try {
      OnnxFile bytes = OnnxFile.load(named.onnx());
      if (stateful) {
        bytes = bytes.stateful();
      }
      RecurrentModel read = bytes.read(Kernels.named(kernel));
      decoderFile = bytes;
      decoder = read;
      return read;
    } catch (OnnxException | IOException e) {
      throw new ModelFacts.RefusedException("model.decoder.onnx", e);
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
    Pipeline.Decoder named = pipeline.model().decoder();
    if (named == null) {
      return new PipelineJob(pipeline, read(file), network, null, null);
    }
    RecurrentModel decoding = named.alone() ? network : read(decoder);
    return new PipelineJob(
        pipeline,
        read(file),
        network,
        named.decoding(
            read(named.alone() ? file : decoderFile),
            ModelCheck.outputNames(
                pipeline.model(), decoding.outputSize(), decoding.outputNames())),
        decoding);
  }

  private static <T> T read(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a pipeline without mistakes has read its model");
    }
    return value;
  }
}
