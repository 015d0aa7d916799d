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
    @Nullable Tensor bias =
        call.optional(2) == null
            ? null
            : Fold.binary(BinaryFunction.MUL, call.constant(2, "C"), beta);
    if (call.input(0) instanceof Tensor a) {
      Tensor product = Fold.product(transA ? a.transpose(new int[] {1, 0}) : a, w);
      return List.of(bias == null ? product : Fold.binary(BinaryFunction.ADD, product, bias));
    }
    StepValue x = call.step(0);
    if (transA || x.rank() != 2) {
      throw new Refusal(
          transA ? "transA=1 mixes steps or series" : "A has rank " + x.rank() + ", expected 2");
    }
    int outputs = w.dim(1);
    if (bias == null) {
      return List.of(MatMul.dense(call, x, w, new float[outputs], 0));
    }
    int last = bias.rank() - 1;
    boolean perOutput = last < 0 || bias.dim(last) == 1 || bias.dim(last) == outputs;
    if (!perOutput || bias.count() > outputs) {
      throw new Refusal("C is " + Shapes.text(bias.dims()) + ", expected (" + outputs + ")");
    }
    float[] values = call.numbers(bias.reshape((int) bias.count()).expand(outputs));
    return List.of(MatMul.dense(call, x, w, values, bias.count()));
  }
}
