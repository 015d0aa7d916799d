package io.unroll.job.pipeline;

import io.unroll.model.RecurrentModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline must know of its model.
 *
 * @param name as messages call it
 * @param inputSize features per step
 * @param outputSize values per prediction
 * @param featureNames the model's own (ONNX metadata {@code features}), empty when it names none
 * @param outputNames the model's own (ONNX metadata {@code outputs}), empty when it names none
 */
public record ModelFacts(
    String name,
    int inputSize,
    int outputSize,
    List<String> featureNames,
    List<String> outputNames) {

  /** What a pipeline must know of a network. */
  public static ModelFacts of(RecurrentModel model) {
    return new ModelFacts(
        model.name(),
        model.inputSize(),
        model.outputSize(),
        model.featureNames(),
        model.outputNames());
  }

  /** Reads models, each once. */
  @FunctionalInterface
  public interface Reader {
    /**
     * The facts of the model that a pipeline names.
     *
     * @throws RefusedException if it cannot be streamed
     */
    ModelFacts read(Pipeline.Model model) throws RefusedException;

    /** The model that {@link #read} has read; null for a reader of facts alone. */
    default @Nullable RecurrentModel model() {
      return null;
    }

    /**
     * The decoder that a pipeline names beside its model; null for a reader of facts alone.
     *
     * @param kernel that runs it
     * @throws RefusedException if it cannot be streamed
     */
    default @Nullable RecurrentModel readDecoder(Pipeline.Decoder decoder, String kernel)
        throws RefusedException {
      return null;
    }
  }

  /** The model cannot be streamed; the message says why. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;

    public RefusedException(Throwable cause) {
      this("model.onnx", cause);
    }

    /**
     * @param key of the pipeline file that the refusal is about
     */
    public RefusedException(String key, Throwable cause) {
      super(cause.getMessage(), cause);
      this.key = key;
    }

    /** The key of the pipeline file that the refusal is about. */
    public String key() {
      return key;
    }
  }
}
