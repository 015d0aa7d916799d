package io.unroll.model.onnx;

import java.util.List;

/** Identity, and Dropout, which is one outside training. */
final class Identity implements Operator {
  private static final int TRAINING_MODE = 2;

  @Override
  public List<Value> apply(Call call) {
    if (call.op().equals("Dropout") && call.optional(TRAINING_MODE) != null) {
      long[] mode = call.constant(TRAINING_MODE, "training_mode").toLongs();
      if (mode.length != 1 || mode[0] != 0) {
        throw new Refusal("training_mode is on, outputs would be random. Export in eval mode");
      }
    }
    return List.of(call.input(0));
  }
}
