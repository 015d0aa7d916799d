package io.unroll.model.onnx;

import io.unroll.model.kernel.BinaryFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gemm with constant weights: {@code alpha · A·B + beta · C}, a dense layer on each row. */
final class Gemm implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Tensor alpha = Tensor.of(new float[] {call.number("alpha", 1)});
    Tensor beta = Tensor.of(new float[] {call.number("beta", 1)});
    boolean transA = call.integer("transA", 0) != 0;
    Tensor b = call.constant(1, "B");
    if (b.rank() != 2) {
      throw new Refusal("B has rank " + b.rank() + ", expected 2");
    }
    Tensor w =
        Fold.binary(
            BinaryFunction.MUL,
            call.integer("transB", 0) != 0 ? b.transpose(new int[] {1, 0}) : b,
            alpha);
    @Nullable Value c = call.optional(2);
    Value x = call.input(0);
    if (x instanceof Tensor given) {
      Tensor a = transA ? given.transpose(new int[] {1, 0}) : given;
      if (a.rank() > 0) {
        call.requireKnown(a, a.rank() - 1);
      }
      Tensor product = Fold.product(a, w);
      return List.of(c == null ? product : plus(call, product, c, beta));
    }
    StepValue rows = call.step(0);
    if (rows.rank() != 2) {
      throw new Refusal("A has rank " + rows.rank() + ", expected 2");
    }
    if (transA) {
      rows = Transpose.of(call, rows, new int[] {1, 0});
    }
    int outputs = w.dim(1);
    if (c == null) {
      return List.of(MatMul.dense(call, rows, w, new float[outputs], 0));
    }
    if (!(c instanceof Tensor constant)) {
      return List.of(plus(call, MatMul.dense(call, rows, w, new float[outputs], 0), c, beta));
    }
    int last = constant.rank() - 1;
    boolean perOutput = last < 0 || constant.dim(last) == 1 || constant.dim(last) == outputs;
    if (!perOutput || constant.count() > outputs) {
      throw new Refusal("C is " + Shapes.text(constant.dims()) + ", expected (" + outputs + ")");
    }
    Tensor bias = Fold.binary(BinaryFunction.MUL, constant, beta);
    float[] values = call.numbers(bias.reshape((int) bias.count()).expand(outputs));
    return List.of(MatMul.dense(call, rows, w, values, bias.count()));
  }

  private static Value plus(Call call, Value product, Value c, Tensor beta) {
    Value scaled = Elementwise.binary(call, BinaryFunction.MUL, c, beta);
    return Elementwise.binary(call, BinaryFunction.ADD, product, scaled);
  }
}
