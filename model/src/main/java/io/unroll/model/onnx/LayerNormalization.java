package io.unroll.model.onnx;

import io.unroll.model.cell.Normalize;
import java.util.Arrays;
import java.util.List;

/** LayerNormalization (operator set 17 on) over the last axes, which must be features. */
final class LayerNormalization implements Operator {
  @Override
  public List<Value> apply(Call call) {
    StepValue x = call.step(0);
    int axis = Shapes.axis(call.integer("axis", -1), x.rank());
    for (int i = axis; i < x.rank(); i++) {
      if (!x.axis(i).isFeature()) {
        throw new Refusal("runs over steps or series, which mixes them");
      }
    }
    int[] dims = Arrays.copyOfRange(x.dims(), axis, x.rank());
    Tensor scale = call.constant(1, "scale");
    long parameters = scale.count();
    float[] scales = call.numbers(scale.expand(dims));
    float[] biases = new float[scales.length];
    if (call.optional(2) != null) {
      Tensor bias = call.constant(2, "B");
      parameters += bias.count();
      biases = call.numbers(bias.expand(dims));
    }
    Normalize node =
        new Normalize(
            call.graph(),
            call.name(),
            scales,
            biases,
            call.number("epsilon", 1e-5f),
            parameters,
            x.register());
    call.graph().add(node);
    return List.of(x.with(node.output(), x.axes()));
  }
}
