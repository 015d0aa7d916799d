package io.unroll.model.onnx;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slice: parts of features, or the last step; attributes below operator set 10, inputs from there.
 */
final class Slice implements Operator {
  @Override
  public List<Value> apply(Call call) {
    boolean attributes = call.inputCount() == 1;
    int[] starts = required(call.integers("starts", 1), "starts");
    int[] ends = required(call.integers("ends", 2), "ends");
    int[] given = call.integers("axes", 3);
    int[] axes = given != null ? given : counted(starts.length);
    int[] stepsGiven = attributes ? null : call.integers("steps", 4);
    int[] steps = stepsGiven != null ? stepsGiven : ones(starts.length);
    if (ends.length != starts.length
        || axes.length != starts.length
        || steps.length != starts.length) {
      throw new Refusal(
          "%d starts, %d ends, %d axes, %d steps"
              .formatted(starts.length, ends.length, axes.length, steps.length));
    }
    boolean[] open = open(call, starts.length);
    Value result = call.input(0);
    for (int i = 0; i < starts.length; i++) {
      int rank = result instanceof StepValue s ? s.rank() : ((Tensor) result).rank();
      int axis = Shapes.axis(axes[i], rank);
      int dim = result instanceof StepValue s ? s.axis(axis).size() : ((Tensor) result).dim(axis);
      if (steps[i] == 0) {
        throw new Refusal("steps of 0");
      }
      int start = bound(starts[i], dim, steps[i]);
      int end = bound(ends[i], dim, steps[i]);
      long span = (long) end - start + steps[i] - Integer.signum(steps[i]);
      int count = (int) Math.max(0, span / steps[i]);
      if (open[i] && result instanceof StepValue value && value.axis(axis).isFeature()) {
        throw Refusal.countsSteps();
      }
      if (result instanceof Tensor tensor) {
        boolean counts = open[i] || call.around().isOpen(dim);
        boolean same = tensor.repeats(axis) && call.around().isOpen(dim);
        if (counts && !(same && (count == dim || count == 1))) {
          throw Refusal.countsSteps();
        }
        result = tensor.slice(axis, start, steps[i], count);
      } else {
        int[] indices = new int[StepValue.checkWidth(count)];
        int step = steps[i];
        Arrays.setAll(indices, j -> start + j * step);
        result = Select.of(call, (StepValue) result, axis, indices);
      }
    }
    return List.of(result);
  }

  /** Which bounds come from extents that the file leaves open. */
  private static boolean[] open(Call call, int count) {
    boolean[] open = new boolean[count];
    for (int input = 1; input <= 2; input++) {
      if (call.optional(input) instanceof Tensor bounds) {
        boolean[] ofBounds = bounds.toOpen();
        for (int i = 0; i < count; i++) {
          open[i] |= ofBounds[i];
        }
      }
    }
    return open;
  }

  /** Where a start or an end falls, as the specification clamps it. */
  private static int bound(int at, int dim, int step) {
    long from = at < 0 ? (long) at + dim : at;
    return step > 0
        ? (int) Math.max(0, Math.min(dim, from))
        : (int) Math.max(-1, Math.min(dim - 1L, from));
  }

  private static int[] required(int @Nullable [] values, String what) {
    if (values == null) {
      throw new Refusal(what + " is missing");
    }
    return values;
  }

  private static int[] counted(int n) {
    int[] values = new int[n];
    Arrays.setAll(values, i -> i);
    return values;
  }

  private static int[] ones(int n) {
    int[] values = new int[n];
    Arrays.fill(values, 1);
    return values;
  }
}
