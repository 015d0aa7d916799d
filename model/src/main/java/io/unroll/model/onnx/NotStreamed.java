package io.unroll.model.onnx;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operators that are not read and say more than their names, with the reason and the way out. Both
 * depend on where the node works: within a step it can be written otherwise, over the steps not.
 */
final class NotStreamed {
  /** The way out of whatever looks at a whole sequence behind a recurrent layer. */
  static final String TAKE_THE_LAST =
      " Take the recurrent layer's last step in its place, and retrain";

  /** The way out of whatever multiplies within a step. */
  static final String PRODUCTS_AND_SUMS =
      ". Write it as products and sums (Mul, ReduceSum), and export it again";

  private static final String ONE_STEP = "; a stream has one step at a time.";
  private static final String NOTHING_KEPT =
      "; a stream has one step at a time, and no node keeps anything from one to the next";

  /** Where a node works. */
  enum Place {
    /** Over the steps, beside nodes that keep a state. */
    STEPS,
    /** Over the steps of a graph in which no node keeps a state. */
    STEPS_ALONE,
    /** Over the steps, each for itself: a kernel of 1. */
    EACH_STEP,
    /** Over the values of one step. */
    WITHIN_STEP
  }

  /**
   * Why an operator is refused.
   *
   * @param behind over the steps: the way out, or nothing
   * @param alone over the steps without a state: the way out, or nothing
   * @param within of one step, the whole reason; empty where only its name is unknown
   */
  private record Reason(String what, String behind, String alone, String within) {
    @Nullable String at(Place place) {
      return switch (place) {
        case STEPS -> what + ONE_STEP + behind;
        case STEPS_ALONE -> what + NOTHING_KEPT + alone;
        case EACH_STEP ->
            "a convolution of kernel 1, which is not read. It is a dense layer at every step: write"
                + " it so (nn.Linear, channels last), with the same weights, and export it again";
        case WITHIN_STEP -> within.isEmpty() ? null : within;
      };
    }
  }

  private static final String BRANCH =
      "a branch inside the graph. Export the model with the branch taken";
  private static final String QUANTISED =
      "quantised weights or values; only floats are read. Export the model before quantisation";

  private static final Reason CONVOLUTION =
      new Reason(
          "a convolution over the steps",
          " Retrain without it, with earlier values among the features",
          ". If it looks back only, export one step of it, and keep the earlier values that it needs"
              + " in a named state",
          "a convolution within one step, which is not read. Write it as a dense layer on the"
              + " flattened values, with the same weights, and export it again");
  private static final Reason POOLING =
      new Reason(
          "pools over the steps",
          TAKE_THE_LAST,
          "",
          "pools within one step, which is not read. Write it as reductions of slices (ReduceMax,"
              + " ReduceMean), and export it again");
  private static final Reason ATTENTION =
      new Reason(
          "attends to all steps",
          TAKE_THE_LAST,
          "",
          "attention within one step, which is not read. Write it as products and sums (Mul,"
              + " ReduceSum) and Softmax, and export it again");
  private static final Reason RUNNING_SUM =
      new Reason(
          "runs along an axis as a whole",
          " Keep what it sums in a recurrent layer",
          ". Export one step of it, and keep the sum in a named state",
          "a running sum within one step, which is not read. Write it as a MatMul by a constant"
              + " triangle of ones, and export it again");
  private static final Reason RUNNING_PRODUCT =
      new Reason("runs along an axis as a whole", "", "", "");

  private static final Map<String, Reason> REASONS =
      Map.ofEntries(
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
          Map.entry("CumSum", RUNNING_SUM),
          Map.entry("CumProd", RUNNING_PRODUCT));

  private NotStreamed() {}

  /**
   * Of a node that reckons along steps or series.
   *
   * @param verb what it does to them
   */
  static Refusal mixes(Call call, String verb) {
    if (call.around().oneStep()) {
      return new Refusal(verb + " series, which mixes them");
    }
    String layout = call.around().layout();
    String what = verb + " steps or series, which mixes them";
    return new Refusal(
        layout.isEmpty() ? what + ", as attention does." + TAKE_THE_LAST : what + ". " + layout);
  }

  /** Where a node works that is not read, by the axes of what it reads. */
  static Place place(Call call) {
    String op = call.op();
    Reason reason = REASONS.get(op);
    if (!(call.optional(0) instanceof StepValue x) || reason == null || reason.equals(ATTENTION)) {
      return call.around().oneStep() ? Place.WITHIN_STEP : Place.STEPS;
    }
    if (reason.equals(RUNNING_SUM) || reason.equals(RUNNING_PRODUCT)) {
      int axis =
          call.optional(1) instanceof Tensor along && along.count() == 1 ? along.toInts()[0] : 0;
      return x.axis(Shapes.axis(axis, x.rank())).isFeature() ? Place.WITHIN_STEP : Place.STEPS;
    }
    // Axes behind the batch: channels and what the kernel runs along.
    if (x.axes().stream().skip(1).allMatch(Axis::isFeature)) {
      return Place.WITHIN_STEP;
    }
    boolean kernelOfOne =
        reason.equals(CONVOLUTION)
            && x.rank() > 2
            && x.axis(1).isFeature()
            && call.optional(1) instanceof Tensor w
            && w.rank() == x.rank()
            && w.count() == (long) w.dim(0) * w.dim(1);
    return kernelOfOne ? Place.EACH_STEP : Place.STEPS;
  }

  /** Why an operator of whatever domain is refused; null when only its name is unknown. */
  static @Nullable String reason(String op, Place place) {
    // QLinearMatMul, MatMulInteger, DynamicQuantizeLSTM, DequantizeLinear and their like.
    if (op.contains("Quantize") || op.startsWith("QLinear") || op.endsWith("Integer")) {
      return QUANTISED;
    }
    if (op.equals("If")) {
      return BRANCH;
    }
    if (op.equals("Einsum")) {
      return "operator not supported" + PRODUCTS_AND_SUMS;
    }
    if (op.equals("ReverseSequence") && place != Place.WITHIN_STEP) {
      return "reverses the steps of a sequence; a stream runs forward only";
    }
    Reason reason = REASONS.get(op);
    return reason == null ? null : reason.at(place);
  }
}
