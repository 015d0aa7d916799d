package io.unroll.model.onnx;

import io.unroll.model.cell.Frame;
import io.unroll.model.cell.Literal;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An operator that also takes a constant: what it does to a step's values is done once, by the same
 * nodes, so that a constant has the bits that the step would compute.
 */
record OnConstants(Operator operator) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    if (!(call.input(0) instanceof Tensor constant)) {
      return operator.apply(call);
    }
    StepValue.checkWidth(constant.count());
    float[] numbers = call.numbers(constant);
    if (numbers.length == 0) {
      throw new Refusal("works on a constant of " + Shapes.text(constant.dims()));
    }
    StepGraph.Builder graph = new StepGraph.Builder(Kernels.named(Kernels.PLAIN), 1);
    Literal literal = new Literal(graph, call.name(), numbers);
    graph.add(literal);
    List<Axis> axes = new ArrayList<>();
    for (int dim : constant.dims()) {
      axes.add(Axis.of(new Feature(dim)));
    }
    StepValue first = new StepValue(literal.output(), axes, false, Type.of(constant));
    List<Value> results = operator.apply(call.on(first, graph));
    StepGraph once = graph.build(literal.output());
    Frame frame = once.frame(1);
    once.run(frame, 1, new float[1], new float[0]);
    List<Value> folded = new ArrayList<>();
    for (Value result : results) {
      folded.add(result instanceof StepValue step ? read(frame, step) : result);
    }
    return folded;
  }

  private static Tensor read(Frame frame, StepValue value) {
    float[] row = frame.register(value.register());
    if (value.type() == Type.FLOAT) {
      return Tensor.of(row, value.dims());
    }
    long[] whole = new long[row.length];
    Arrays.setAll(whole, i -> (long) row[i]);
    return Tensor.of(whole, value.dims());
  }
}
