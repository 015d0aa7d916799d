package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.onnx.LoopValue.Below;
import io.unroll.model.onnx.LoopValue.Collected;
import io.unroll.model.onnx.LoopValue.Counter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to the numbers of a loop's iterations: count them, compare them with the number
 * of steps, pick the iteration's step.
 */
final class LoopOperators {
  private LoopOperators() {}

  /** A node of which an input is a {@link LoopValue}. */
  static List<Value> apply(Call call, LoopSteps loop) {
    Value result =
        switch (call.op()) {
          case "Identity" -> call.input(0);
          case "Cast" -> cast(call);
          case "Add" -> plus(call, 1);
          case "Sub" -> plus(call, -1);
          case "Less" -> below(call, 0, 1, 0);
          case "LessOrEqual" -> below(call, 0, 1, 1);
          case "Greater" -> below(call, 1, 0, 0);
          case "GreaterOrEqual" -> below(call, 1, 0, 1);
          case "And" -> both(call);
          case "Unsqueeze", "Squeeze", "Reshape" -> reshaped(call);
          case "Gather" -> gather(call, loop);
          case "Slice" -> slice(call, loop);
          case "SequenceInsert" -> insert(call);
          case "ConcatFromSequence" -> joined(call);
          case "SequenceAt" -> at(call);
          default -> null;
        };
    if (result == null) {
      throw new Refusal("computes with the number of the iteration; a stream does not count steps");
    }
    return List.of(result);
  }

  private static @Nullable Value cast(Call call) {
    int to = (int) call.integer("to", DataType.UNDEFINED_VALUE);
    boolean kept = call.input(0) instanceof Below ? to == DataType.BOOL_VALUE : Tensors.isWhole(to);
    return kept ? call.input(0) : null;
  }

  private static @Nullable Long number(Value value) {
    return value instanceof Tensor t && !t.isFloat() && t.origin() == null && t.count() == 1
        ? t.toLongs()[0]
        : null;
  }

  private static @Nullable Value plus(Call call, int sign) {
    Value a = call.input(0);
    Value b = call.input(1);
    Value other = a instanceof Counter ? b : a;
    Long number = number(other);
    if (number == null || ((Tensor) other).open() || (sign < 0 && !(a instanceof Counter))) {
      return null;
    }
    Counter counter = (Counter) (a instanceof Counter ? a : b);
    return new Counter(
        Math.addExact(counter.offset(), sign * number),
        Math.max(counter.rank(), ((Tensor) other).rank()));
  }

  /** counter + offset < limit. */
  private static @Nullable Value below(Call call, int counter, int limit, int inclusive) {
    Long number = number(call.input(limit));
    return call.input(counter) instanceof Counter c && number != null
        ? new Below(Math.addExact(Math.subtractExact(number, c.offset()), inclusive))
        : null;
  }

  private static @Nullable Value both(Call call) {
    long bound = Long.MAX_VALUE;
    for (int i = 0; i < 2; i++) {
      Value value = call.input(i);
      Long number = number(value);
      if (value instanceof Below below) {
        bound = Math.min(bound, below.bound());
      } else if (number == null) {
        return null;
      } else if (number == 0) {
        bound = 0;
      }
    }
    return new Below(bound);
  }

  private static @Nullable Value reshaped(Call call) {
    if (!(call.input(0) instanceof Counter counter)) {
      return null;
    }
    if (call.op().equals("Reshape")) {
      return new Counter(counter.offset(), (int) call.constant(1, "shape").count());
    }
    int[] axes = call.integers("axes", 1);
    int count = axes == null ? counter.rank() : axes.length;
    return new Counter(
        counter.offset(),
        call.op().equals("Squeeze")
            ? Math.max(0, counter.rank() - count)
            : Math.addExact(counter.rank(), count));
  }

  private static @Nullable Value gather(Call call, LoopSteps loop) {
    if (!(call.input(0) instanceof StepValue x)
        || !(call.input(1) instanceof Counter counter)
        || counter.rank() > 1) {
      return null;
    }
    current(counter);
    int axis = Shapes.axis(call.integer("axis", 0), x.rank());
    return oneStep(loop, x, axis, counter.rank() == 1);
  }

  private static void current(Counter counter) {
    if (counter.offset() != 0) {
      throw new Refusal(
          "reads step i%+d in iteration i, which mixes steps".formatted(counter.offset()));
    }
  }

  private static @Nullable Value slice(Call call, LoopSteps loop) {
    Tensor axes = call.optional(3) instanceof Tensor given ? given : null;
    boolean byOne =
        call.optional(4) == null
            || (call.optional(4) instanceof Tensor steps
                && steps.count() == 1
                && steps.toLongs()[0] == 1);
    if (!(call.input(0) instanceof StepValue x)
        || !(call.input(1) instanceof Counter start)
        || !(call.input(2) instanceof Counter end)
        || axes == null
        || axes.count() != 1
        || !byOne
        || end.offset() != start.offset() + 1) {
      return null;
    }
    current(start);
    return oneStep(loop, x, Shapes.axis(axes.toLongs()[0], x.rank()), true);
  }

  /**
   * The step that an iteration is about.
   *
   * @param keep leave an axis of 1 in its place
   */
  static StepValue oneStep(LoopSteps loop, StepValue x, int axis, boolean keep) {
    if (x.last()) {
      throw new Refusal("runs over the last step of another layer, not over the stream's steps");
    }
    loop.stepsAlong(x, x.axis(axis));
    List<Axis> axes = new ArrayList<>(x.axes());
    axes.remove(axis);
    if (keep) {
      axes.add(axis, Axis.ONE);
    }
    return x.with(axes);
  }

  private static @Nullable Value insert(Call call) {
    if (!(call.input(0) instanceof Collected collected) || call.optional(2) != null) {
      return null;
    }
    if (collected.element() != null) {
      throw new Refusal("adds more than one element to a sequence per step");
    }
    return call.input(1) instanceof StepValue element ? new Collected(element) : null;
  }

  /** The elements along the axis of steps, which stands in front. */
  private static StepValue elements(Call call) {
    if (call.input(0) instanceof Collected collected && collected.element() != null) {
      return collected.element();
    }
    throw new Refusal("works on an empty sequence");
  }

  private static Value joined(Call call) {
    StepValue elements = elements(call);
    List<Axis> axes = new ArrayList<>(elements.axes());
    Axis time = axes.remove(0);
    boolean between = call.integer("new_axis", 0) != 0;
    int axis = Shapes.axis(call.integer("axis", 0), axes.size() + (between ? 1 : 0));
    if (!between && !axes.remove(axis).factors().isEmpty()) {
      throw new Refusal("joins steps along an axis of features");
    }
    axes.add(axis, time);
    return elements.with(axes);
  }

  private static Value at(Call call) {
    StepValue elements = elements(call);
    Long position = number(call.input(1));
    if (position == null || position != -1) {
      throw new Refusal("takes another step than the last of a sequence");
    }
    List<Axis> axes = new ArrayList<>(elements.axes());
    axes.remove(0);
    return elements.lastStep(axes);
  }
}
