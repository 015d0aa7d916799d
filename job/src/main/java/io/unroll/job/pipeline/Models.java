package io.unroll.job.pipeline;

import io.unroll.job.describe.ModelFacts;
import io.unroll.model.RecurrentModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the models that a pipeline names, each once. */
@FunctionalInterface
public interface Models {
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
  default @Nullable RecurrentModel readDecoder(Path decoder, String kernel)
      throws RefusedException {
    return null;
  }

  /** The model cannot be streamed; the message says why. */
  final class RefusedException extends Exception {
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
