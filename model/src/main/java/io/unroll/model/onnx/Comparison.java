package io.unroll.model.onnx;

import java.util.List;
import java.util.function.DoublePredicate;

/**
 * A comparison of constants, as exporters write for shapes.
 *
 * @param ofDifference what must hold of the first minus the second
 */
record Comparison(DoublePredicate ofDifference) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    return List.of(
        Fold.elementwise(
            call.constant(0, "A"),
            call.constant(1, "B"),
            pair -> {
              float[] a = pair.a().toFloats();
              float[] b = pair.b().toFloats();
              long[] result = new long[a.length];
              for (int i = 0; i < result.length; i++) {
                result[i] = ofDifference.test((double) a[i] - b[i]) ? 1 : 0;
              }
              return Tensor.of(result, pair.open(), pair.a().dims());
            }));
  }
}
