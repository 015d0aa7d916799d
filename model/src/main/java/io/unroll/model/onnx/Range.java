package io.unroll.model.onnx;

import java.util.Arrays;
import java.util.List;

/** Range of constants. */
final class Range implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Tensor start = call.constant(0, "start");
    Tensor limit = call.constant(1, "limit");
    Tensor delta = call.constant(2, "delta");
    if (start.count() != 1 || limit.count() != 1 || delta.count() != 1) {
      throw new Refusal("start, limit and delta are not one number each");
    }
    Type.requireAlike(start, limit);
    Type.requireAlike(start, delta);
    return List.of(start.isFloat() ? floats(start, limit, delta) : whole(start, limit, delta));
  }

  private static Tensor floats(Tensor start, Tensor limit, Tensor delta) {
    float from = start.toFloats()[0];
    float step = delta.toFloats()[0];
    double count = Math.max(0, Math.ceil(((double) limit.toFloats()[0] - from) / step));
    if (!(count <= Limits.MAX_ELEMENTS)) {
      throw new Refusal("a range of " + count + " numbers");
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + i * step;
    }
    return Tensor.of(values, values.length);
  }

  private static Tensor whole(Tensor start, Tensor limit, Tensor delta) {
    long from = start.toLongs()[0];
    long step = delta.toLongs()[0];
    if (step == 0) {
      throw new Refusal("a range in steps of 0");
    }
    long span = Math.subtractExact(limit.toLongs()[0], from);
    long count = Math.max(0, span / step + (span % step == 0 ? 0 : 1));
    if (count > Limits.MAX_ELEMENTS) {
      throw new Refusal("a range of " + count + " numbers");
    }
    long[] values = new long[(int) count];
    Arrays.setAll(values, i -> from + i * step);
    boolean[] open = new boolean[values.length];
    Arrays.fill(open, start.open() || limit.open() || delta.open());
    return Tensor.of(values, open, values.length);
  }
}
