package io.unroll.model.onnx;

import java.util.List;

/** A choice between constants, as exporters write for shapes. */
final class Where implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Tensor condition = call.constant(0, "condition");
    Tensor yes = call.constant(1, "X");
    Tensor no = call.constant(2, "Y");
    if (yes.isFloat() != no.isFloat()) {
      throw new Refusal("chooses between floats and whole numbers");
    }
    int[] dims = Shapes.broadcast(condition.dims(), Shapes.broadcast(yes.dims(), no.dims()));
    Tensor c = condition.expand(dims);
    boolean[] open = c.toOpen();
    long[] choice = c.toLongs();
    return List.of(
        Fold.elementwise(
            yes.expand(dims).copy(),
            no.expand(dims).copy(),
            pair -> {
              if (yes.isFloat()) {
                float[] a = pair.a().toFloats();
                float[] b = pair.b().toFloats();
                for (int i = 0; i < a.length; i++) {
                  a[i] = choice[i] != 0 ? a[i] : b[i];
                }
                return Tensor.of(a, pair.a().dims());
              }
              long[] a = pair.a().toLongs();
              long[] b = pair.b().toLongs();
              boolean[] either = pair.open();
              for (int i = 0; i < a.length; i++) {
                a[i] = choice[i] != 0 ? a[i] : b[i];
                either[i] |= open[i];
              }
              return Tensor.of(a, either, pair.a().dims());
            }));
  }
}
