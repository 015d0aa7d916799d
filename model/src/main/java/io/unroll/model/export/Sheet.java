package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ONNX graph that is being written: nodes and constants, each under a name of its own. */
final class Sheet {
  private final GraphProto.Builder graph;
  private final Set<String> nodeNames; // of the file, as the next
  private final Set<String> valueNames;
  private final Map<List<Long>, String> wholeNumbers = new HashMap<>();
  private @Nullable String lastIndex;

  /**
   * @param reserved names of values that stand already
   */
  Sheet(String name, String... reserved) {
    this(name, new HashSet<>(), new HashSet<>(Arrays.asList(reserved)));
  }

  private Sheet(String name, Set<String> nodeNames, Set<String> valueNames) {
    graph = GraphProto.newBuilder().setName(name);
    this.nodeNames = nodeNames;
    this.valueNames = valueNames;
  }

  /** A graph within this one, whose names are not those of this one. */
  Sheet inner(String name) {
    return new Sheet(name, nodeNames, valueNames);
  }

  GraphProto.Builder graph() {
    return graph;
  }

  /** The name, or the name with a number behind it when it is taken. */
  private static String unique(Set<String> taken, String name) {
    String wanted = name.isEmpty() ? "node" : name;
    String result = wanted;
    for (int i = 1; !taken.add(result); i++) {
      result = wanted + "_" + i;
    }
    return result;
  }

  /** Adds a node with one output, which goes by the node's name; returns the output. */
  String node(String op, String name, List<String> inputs, AttributeProto... attributes) {
    String output = unique(valueNames, name);
    node(op, name, inputs, List.of(output), attributes);
    return output;
  }

  /** Adds a node whose outputs are named by {@link #value}, or empty where they are not wanted. */
  NodeProto.Builder node(
      String op,
      String name,
      List<String> inputs,
      List<String> outputs,
      AttributeProto... attributes) {
    return graph
        .addNodeBuilder()
        .setOpType(op)
        .setName(unique(nodeNames, name))
        .addAllInput(inputs)
        .addAllOutput(outputs)
        .addAllAttribute(Arrays.asList(attributes));
  }

  /** The last step of a value of (steps, batch, width): (batch, width). */
  String lastStep(String steps) {
    return node("Gather", steps + ".last", List.of(steps, lastIndex()), attribute("axis", 0));
  }

  private String lastIndex() {
    String known = lastIndex;
    if (known == null) {
      known = longs(unique(valueNames, "last"), new long[] {-1});
      lastIndex = known;
    }
    return known;
  }

  /** A name for a value. */
  String value(String name) {
    return unique(valueNames, name);
  }

  // ---- constants ----

  /** A constant of floats; its name. */
  String floats(String name, float[] values, long... dims) {
    ByteBuffer raw =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return constant(unique(valueNames, name), DataType.FLOAT, ByteString.copyFrom(raw), dims);
  }

  /** A list of whole numbers, of which there is one for all uses; its name. */
  String longs(long... values) {
    List<Long> key = Arrays.stream(values).boxed().toList();
    String known = wholeNumbers.get(key);
    if (known != null) {
      return known;
    }
    String name = values.length > 4 ? "numbers" : "numbers" + key.toString().replace(" ", "");
    String made = longs(unique(valueNames, name), values, values.length);
    wholeNumbers.put(key, made);
    return made;
  }

  private String longs(String name, long[] values, long... dims) {
    ByteBuffer raw =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return constant(name, DataType.INT64, ByteString.copyFrom(raw), dims);
  }

  private String constant(String name, DataType type, ByteString raw, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber()).setRawData(raw);
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Whether all are 0; -0 is a number of its own. */
  static boolean isZero(float[] values) {
    for (float value : values) {
      if (Float.floatToRawIntBits(value) != 0) {
        return false;
      }
    }
    return true;
  }

  /** An input or output of floats. Extents: a number is fixed, a name is open. */
  static ValueInfoProto info(String name, Object... extents) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object extent : extents) {
      if (extent instanceof Integer size) {
        shape.addDimBuilder().setDimValue(size);
      } else {
        shape.addDimBuilder().setDimParam(extent.toString());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }

  // ---- attributes ----

  static AttributeProto attribute(String name, GraphProto graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto attribute(String name, float... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
    for (float value : values) {
      attribute.addFloats(value);
    }
    return attribute.build();
  }

  static AttributeProto attribute(String name, List<String> values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
    values.forEach(value -> attribute.addStrings(ByteString.copyFromUtf8(value)));
    return attribute.build();
  }
}
