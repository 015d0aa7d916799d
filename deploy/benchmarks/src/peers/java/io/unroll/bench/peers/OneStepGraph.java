package io.unroll.bench.peers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.unroll.bench.peer.Shape;
import io.unroll.model.kernel.CellWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One LSTM or GRU node over one step, its state an input and an output: what a serving system would
 * run. Inputs x (1, rows, inputs), h, and for an LSTM c (1, rows, neurons); outputs h', c'.
 */
final class OneStepGraph {
  static final String X = "x";
  static final String H = "h";
  static final String C = "c";
  static final String NEXT_H = "next_h";
  static final String NEXT_C = "next_c";

  private OneStepGraph() {}

  /**
   * The model as ONNX bytes.
   *
   * @param rows fixed, so that the runtime knows every size
   */
  static byte[] of(Shape.Cell cell, CellWeights weights, int rows) {
    int gates = cell.gates();
    int n = weights.neurons();
    boolean lstm = cell == Shape.Cell.LSTM;
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(cell.name())
            .setName("recurrent")
            .addInput(X)
            .addInput("W")
            .addInput("R")
            .addInput("B")
            .addInput("")
            .addInput(H)
            .addOutput("")
            .addOutput(NEXT_H)
            .addAttribute(whole("hidden_size", n));
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("step")
            .addInput(value(X, 1, rows, weights.inputs()))
            .addInput(value(H, 1, rows, n))
            .addOutput(value(NEXT_H, 1, rows, n))
            .addInitializer(tensor("W", weights.w(), 1, gates * n, weights.inputs()))
            .addInitializer(tensor("R", weights.r(), 1, gates * n, n))
            .addInitializer(
                tensor("B", both(weights.wb(), weights.rb()), 1, 2L * gates * n));
    if (lstm) {
      node.addInput(C).addOutput(NEXT_C);
      graph.addInput(value(C, 1, rows, n)).addOutput(value(NEXT_C, 1, rows, n));
    } else {
      node.addAttribute(whole("linear_before_reset", 1));
    }
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph.addNode(node))
        .build()
        .toByteArray();
  }

  private static AttributeProto whole(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static ValueInfoProto value(String name, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }

  private static TensorProto tensor(String name, float[] values, long... dims) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .setRawData(ByteString.copyFrom(bytes));
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor.build();
  }

  private static float[] both(float[] a, float[] b) {
    float[] both = new float[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
