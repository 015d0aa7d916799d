package io.unroll.model.onnx;

import io.unroll.model.kernel.BinaryFunction;
import java.util.Arrays;
import java.util.List;

/** BatchNormalization with trained statistics: a scale and an offset per channel (axis 1). */
final class BatchNormalization implements Operator {
  @Override
  public List<Value> apply(Call call) {
    if (call.integer("training_mode", 0) != 0) {
      throw new Refusal("training_mode=1 takes statistics over the batch. Export in eval mode");
    }
    if (call.integer("spatial", 1) == 0) {
      throw new Refusal(
          "spatial=0 has statistics per place and channel. Export with opset_version=18");
    }
    StepValue x = call.step(0);
    if (x.rank() < 2 || !x.axis(1).isFeature()) {
      throw new Refusal("its channels (axis 1) are steps or series, not features");
    }
    int channels = x.axis(1).size();
    double[][] parts = new double[4][];
    String[] names = {"scale", "B", "mean", "var"};
    for (int p = 0; p < 4; p++) {
      Tensor part = call.constant(p + 1, names[p]);
      if (part.rank() != 1 || part.dim(0) != channels) {
        throw new Refusal(
            names[p] + " is " + Shapes.text(part.dims()) + ", expected (" + channels + ")");
      }
      float[] values = call.numbers(part);
      parts[p] = new double[channels];
      Arrays.setAll(parts[p], i -> values[i]);
    }
    double epsilon = call.number("epsilon", 1e-5f);
    float[] scale = new float[channels];
    float[] offset = new float[channels];
    for (int c = 0; c < channels; c++) {
      double factor = parts[0][c] / Math.sqrt(parts[3][c] + epsilon);
      scale[c] = (float) factor;
      offset[c] = (float) (parts[1][c] - parts[2][c] * factor);
    }
    int[] dims = new int[x.rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = channels;
    Value scaled = Elementwise.binary(call, BinaryFunction.MUL, x, Tensor.of(scale, dims));
    return List.of(Elementwise.binary(call, BinaryFunction.ADD, scaled, Tensor.of(offset, dims)));
  }
}
