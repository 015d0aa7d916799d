package io.unroll.model.onnx;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operators that no stream can run, with the reason and the way out. */
final class NotStreamed {
  /** The way out of whatever looks at a whole sequence behind a recurrent layer. */
  static final String TAKE_THE_LAST =
      " Take the recurrent layer's last step in its place, and retrain";

  private static final String ONE_STEP = "; a stream has one step at a time.";
  private static final String BRANCH =
      "a branch inside the graph. Export the model with the branch taken";
  private static final String CONVOLUTION =
      "a convolution over the steps"
          + ONE_STEP
          + " Retrain without it, with earlier values among the features";
  private static final String POOLING = "pools over the steps" + ONE_STEP + TAKE_THE_LAST;
  private static final String ATTENTION = "attends to all steps" + ONE_STEP + TAKE_THE_LAST;
  private static final String RUNNING =
      "runs along an axis as a whole" + ONE_STEP + " Keep what it sums in a recurrent layer";
  private static final String QUANTISED =
      "quantised weights or values; only floats are read. Export the model before quantisation";

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("If", BRANCH),
          Map.entry("Conv", CONVOLUTION),
          Map.entry("ConvTranspose", CONVOLUTION),
          Map.entry("MaxPool", POOLING),
          Map.entry("AveragePool", POOLING),
          Map.entry("LpPool", POOLING),
          Map.entry("GlobalAveragePool", POOLING),
          Map.entry("GlobalMaxPool", POOLING),
          Map.entry("GlobalLpPool", POOLING),
          Map.entry("Attention", ATTENTION),
          Map.entry("MultiHeadAttention", ATTENTION),
          Map.entry("CumSum", RUNNING),
          Map.entry("CumProd", RUNNING),
          Map.entry(
              "ReverseSequence", "reverses the steps of a sequence; a stream runs forward only"));

  private NotStreamed() {}

  /** Why an operator of whatever domain is refused; null when only its name is unknown. */
  static @Nullable String reason(String op) {
    // QLinearMatMul, MatMulInteger, DynamicQuantizeLSTM, DequantizeLinear and their like.
    boolean quantised =
        op.contains("Quantize") || op.startsWith("QLinear") || op.endsWith("Integer");
    return quantised ? QUANTISED : REASONS.get(op);
  }
}
