package io.unroll.job.pipeline;

import java.util.List;

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

  /** Reads a model's facts. */
  @FunctionalInterface
  public interface Reader {
    /**
     * The facts of the model that a pipeline names.
     *
     * @throws RefusedException if it cannot be streamed
     */
    ModelFacts read(Pipeline.Model model) throws RefusedException;
  }

  /** The model cannot be streamed; the message says why. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }
}
