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
    if (start.isFloat() || start.count() != 1 || limit.count() != 1 || delta.count() != 1) {
      throw new Refusal("a range of other than whole numbers is not supported");
    }
    long from = start.toLongs()[0];
    long step = delta.toLongs()[0];
    if (step == 0) {
      throw new Refusal("a range in steps of 0");
    }
    long span = Math.subtractExact(limit.toLongs()[0], from);
    long count = Math.max(0, span / step + (span % step == 0 ? 0 : 1));
    if (count > Tensor.MAX_ELEMENTS) {
      throw new Refusal("a range of " + count + " numbers");
    }
    long[] values = new long[(int) count];
    Arrays.setAll(values, i -> from + i * step);
    boolean[] open = new boolean[values.length];
    Arrays.fill(open, start.open() || limit.open() || delta.open());
    return List.of(Tensor.of(values, open, values.length));
  }
}
