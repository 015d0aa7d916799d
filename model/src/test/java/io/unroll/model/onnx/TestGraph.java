package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small ONNX files, built in a few lines. Names and extents are separated by commas. */
final class TestGraph {
  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final Random random = new Random(5);

  TestGraph() {
    opset(17);
  }

  TestGraph opset(int version) {
    model.clearOpsetImport().addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(version));
    return this;
  }

  TestGraph producer(String name, String version) {
    model.setProducerName(name).setProducerVersion(version);
    return this;
  }

  TestGraph metadata(String key, String value) {
    model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
    return this;
  }

  /** A number is a fixed extent, anything else an open one. */
  private static ValueInfoProto info(String name, DataType type, String extents) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String extent : extents.isEmpty() ? new String[0] : extents.split(",", -1)) {
      TensorShapeProto.Dimension.Builder dim = TensorShapeProto.Dimension.newBuilder();
      if (extent.matches("[0-9]+")) {
        dim.setDimValue(Long.parseLong(extent));
      } else {
        dim.setDimParam(extent);
      }
      shape.addDim(dim);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  TestGraph input(String name, String extents) {
    graph.addInput(info(name, DataType.FLOAT, extents));
    return this;
  }

  TestGraph input(String name, DataType type, String extents) {
    graph.addInput(info(name, type, extents));
    return this;
  }

  /** An input that is a sequence of tensors, as a body may carry one. */
  TestGraph sequenceInput(String name) {
    graph.addInput(sequence(name));
    return this;
  }

  /** An output that is a sequence of tensors. */
  TestGraph sequenceOutput(String name) {
    graph.addOutput(sequence(name));
    return this;
  }

  private static ValueInfoProto sequence(String name) {
    TypeProto floats =
        TypeProto.newBuilder()
            .setTensorType(TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(floats)))
        .build();
  }

  TestGraph output(String name, DataType type, String extents) {
    graph.addOutput(info(name, type, extents));
    return this;
  }

  TestGraph output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    return this;
  }

  TestGraph floats(String name, float[] values, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** Random weights. */
  TestGraph weights(String name, long... dims) {
    int count = 1;
    for (long dim : dims) {
      count *= (int) dim;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    return floats(name, values, dims);
  }

  /** A vector of whole numbers. */
  TestGraph longs(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64_VALUE)
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** One whole number of rank 0. */
  TestGraph scalar(String name, long value) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64_VALUE)
            .addInt64Data(value));
    return this;
  }

  TestGraph initializer(TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  TestGraph node(
      String op, String name, String inputs, String outputs, AttributeProto... attributes) {
    return node("", op, name, inputs, outputs, attributes);
  }

  TestGraph node(
      String domain,
      String op,
      String name,
      String inputs,
      String outputs,
      AttributeProto... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).setName(name).setDomain(domain);
    if (!inputs.isEmpty()) {
      node.addAllInput(List.of(inputs.split(",", -1)));
    }
    node.addAllOutput(List.of(outputs.split(",", -1))).addAllAttribute(List.of(attributes));
    graph.addNode(node);
    return this;
  }

  /** A graph within a node. */
  static AttributeProto body(String name, TestGraph body) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(body.graph)
        .build();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto list(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto floatList(String name, float... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
    for (float value : values) {
      attribute.addFloats(value);
    }
    return attribute.build();
  }

  static AttributeProto names(String name, String... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
    for (String value : values) {
      attribute.addStrings(ByteString.copyFromUtf8(value));
    }
    return attribute.build();
  }

  OnnxFile file() {
    return new OnnxFile("test", model.clone().setGraph(graph).build().toByteArray(), Map.of());
  }

  /**
   * x (batch, steps, 3) through a GRU 'gru_1' of 4 neurons, time-major inside: g (steps, 1, batch,
   * 4) and its last state gh (1, batch, 4).
   */
  static TestGraph withGru() {
    return new TestGraph()
        .input("x", "batch,time,3")
        .weights("W", 1, 12, 3)
        .weights("R", 1, 12, 4)
        .weights("B", 1, 24)
        .node("Transpose", "turn", "x", "xt", list("perm", 1, 0, 2))
        .node(
            "GRU",
            "gru_1",
            "xt,W,R,B",
            "g,gh",
            attribute("hidden_size", 4),
            attribute("linear_before_reset", 1));
  }

  /** The same, then y (batch, steps, 4). */
  static TestGraph withGruBatchFirst() {
    return withGru()
        .longs("one", 1)
        .node("Squeeze", "squeeze", "g,one", "gs")
        .node("Transpose", "back", "gs", "y", list("perm", 1, 0, 2));
  }
}
