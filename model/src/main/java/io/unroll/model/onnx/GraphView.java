package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.onnx.Factor.Outer;

/** What an operator may know of the graph around its node, and where it adds nodes to the step. */
interface GraphView {

  /** The step's nodes so far. */
  StepGraph.Builder steps();

  /** The file's operator set. */
  int opset();

  /** Name and version of what wrote the file, as it says. */
  String producer();

  /** A tensor that stands in an attribute. */
  Tensor constant(TensorProto proto);

  /** Whether the file leaves an extent open. */
  boolean isOpen(Outer outer);

  /**
   * Whether a constant's extent comes from one that the file leaves open, alone or in a product.
   */
  boolean isOpen(int extent);

  /** Whether what is walked is one step: the graph itself, or the body of a loop over steps. */
  boolean oneStep();

  /**
   * How to export it where the input itself is not (batch, steps, features), as a sentence; empty
   * where it is.
   */
  String layout();

  /** Whether a recurrent node before this one steps along that axis. */
  boolean isTime(Outer outer);

  /** How messages call an axis outside the row. */
  String nameOf(Outer outer);

  /** The same file's, for nodes that are added to other steps: those that fold constants. */
  GraphView on(StepGraph.Builder other);
}
