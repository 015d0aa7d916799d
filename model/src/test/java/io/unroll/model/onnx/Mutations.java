package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Damage: bytes that no longer parse, and graphs that parse and make no sense. */
final class Mutations {
  private static final long[] NUMBERS = {
    -1,
    0,
    1,
    2,
    3,
    7,
    64,
    4096,
    -2,
    1L << 20,
    1L << 24,
    1L << 26,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final Random random;

  Mutations(Random random) {
    this.random = random;
  }

  /** A damaged copy of a model's bytes. */
  byte[] model(byte[] good) {
    return random.nextBoolean() ? bytes(good) : graph(good);
  }

  /** A damaged copy of any bytes. */
  byte[] bytes(byte[] good) {
    byte[] bytes = good.clone();
    // Names, shapes and attributes stand at both ends of a file, weights in the middle.
    int span = Math.max(1, bytes.length / (1 + random.nextInt(8)));
    int start = random.nextBoolean() ? 0 : bytes.length - span;
    switch (random.nextInt(5)) {
      case 0 -> bytes[start + random.nextInt(span)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int i = 0; i < 5; i++) {
          bytes[start + random.nextInt(span)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 3 -> { // a part of the file in another place
        int from = random.nextInt(bytes.length);
        int count = random.nextInt(Math.min(40, bytes.length - from));
        System.arraycopy(good, random.nextInt(bytes.length - count), bytes, from, count);
      }
      default -> { // a part of the file once more
        int from = random.nextInt(bytes.length);
        int count = random.nextInt(bytes.length - from);
        int at = random.nextInt(bytes.length);
        bytes = new byte[good.length + count];
        System.arraycopy(good, 0, bytes, 0, at);
        System.arraycopy(good, from, bytes, at, count);
        System.arraycopy(good, at, bytes, at + count, good.length - at);
      }
    }
    return bytes;
  }

  /** External data: mostly as it is, so that the model is read on; sometimes damaged. */
  byte[] external(byte[] good) {
    return random.nextInt(4) == 0 ? bytes(good) : good;
  }

  private byte[] graph(byte[] good) {
    ModelProto.Builder model;
    try {
      model = ModelProto.parseFrom(good).toBuilder();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a good model", e);
    }
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      change(model);
    }
    return model.build().toByteArray();
  }

  private void change(ModelProto.Builder model) {
    GraphProto.Builder graph = somewhere(model.getGraphBuilder());
    if (graph.getNodeCount() == 0) {
      return;
    }
    switch (random.nextInt(12)) {
      case 0 -> dims(graph);
      case 1 -> extents(graph);
      case 2 -> attribute(graph);
      case 3 -> graph.getNodeBuilder(node(graph)).setOpType(operator(graph));
      case 4 -> { // inputs swapped, of one node or of two
        NodeProto.Builder a = graph.getNodeBuilder(node(graph));
        NodeProto.Builder b = graph.getNodeBuilder(random.nextBoolean() ? node(graph) : 0);
        if (a.getInputCount() > 0 && b.getInputCount() > 0) {
          int i = random.nextInt(a.getInputCount());
          int j = random.nextInt(b.getInputCount());
          String kept = a.getInput(i);
          a.setInput(i, b.getInput(j));
          b.setInput(j, kept);
        }
      }
      case 5 -> rewire(graph);
      case 6 -> graph.addNode(random.nextInt(graph.getNodeCount()), graph.getNode(node(graph)));
      case 7 -> graph.removeNode(node(graph));
      case 8 -> { // another order: values before they are made
        List<NodeProto> nodes = new ArrayList<>(graph.getNodeList());
        Collections.swap(nodes, node(graph), node(graph));
        graph.clearNode().addAllNode(nodes);
      }
      case 9 -> initializer(graph);
      case 10 -> model.getOpsetImportBuilder(0).setVersion(number());
      default -> metadata(model);
    }
    if (graph.getNodeCount() == 0) {
      graph.addNode(NodeProto.newBuilder().setOpType("Identity").addInput("x").addOutput("y"));
    }
  }

  /** The graph, or the body of a loop in it. */
  private GraphProto.Builder somewhere(GraphProto.Builder graph) {
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasG() && random.nextBoolean()) {
          return attribute.getGBuilder();
        }
      }
    }
    return graph;
  }

  private int node(GraphProto.Builder graph) {
    return random.nextInt(graph.getNodeCount());
  }

  private long number() {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private static final List<String> OTHERS =
      List.of(
          "ConstantOfShape", "Expand", "Reshape", "Range", "Loop", "Scan", "Gather", "Where", "");

  private String operator(GraphProto.Builder graph) {
    List<String> known = new ArrayList<>(OTHERS);
    Operators.names().forEach(known::add);
    return random.nextBoolean()
        ? known.get(random.nextInt(known.size()))
        : graph.getNode(node(graph)).getOpType();
  }

  private void dims(GraphProto.Builder graph) {
    if (graph.getInitializerCount() == 0) {
      return;
    }
    TensorProto.Builder tensor =
        graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
    if (tensor.getDimsCount() == 0 || random.nextInt(4) == 0) {
      tensor.addDims(number());
    } else {
      tensor.setDims(random.nextInt(tensor.getDimsCount()), number());
    }
  }

  private void extents(GraphProto.Builder graph) {
    if (graph.getInputCount() == 0) {
      return;
    }
    ValueInfoProto.Builder input = graph.getInputBuilder(random.nextInt(graph.getInputCount()));
    TensorShapeProto.Builder shape =
        input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    int dims = shape.getDimCount();
    switch (dims == 0 ? 0 : random.nextInt(4)) {
      case 0 -> shape.addDimBuilder().setDimValue(number());
      case 1 -> shape.removeDim(random.nextInt(dims));
      case 2 -> shape.getDimBuilder(random.nextInt(dims)).setDimParam("n" + random.nextInt(2));
      default -> shape.getDimBuilder(random.nextInt(dims)).setDimValue(number());
    }
  }

  private void attribute(GraphProto.Builder graph) {
    NodeProto.Builder node = graph.getNodeBuilder(node(graph));
    if (node.getAttributeCount() == 0) {
      node.addAttribute(TestGraph.attribute("axis", number()));
      return;
    }
    int at = random.nextInt(node.getAttributeCount());
    AttributeProto.Builder attribute = node.getAttributeBuilder(at);
    switch (random.nextInt(7)) {
      case 0 -> attribute.setI(number());
      case 1 -> attribute.setF(Float.intBitsToFloat(random.nextInt()));
      case 2 -> attribute.addInts(number());
      case 3 -> {
        if (attribute.getIntsCount() > 0) {
          attribute.setInts(random.nextInt(attribute.getIntsCount()), number());
        } else {
          attribute.addStrings(ByteString.copyFromUtf8("Softplus"));
        }
      }
      case 4 -> attribute.setS(ByteString.copyFromUtf8(random.nextBoolean() ? "reverse" : ""));
      case 5 -> {
        if (attribute.hasT()) {
          attribute.getTBuilder().addDims(number()).setDataType(random.nextInt(20));
        } else {
          attribute.clearInts().clearStrings().clearS();
        }
      }
      default -> node.removeAttribute(at);
    }
  }

  /** Any value of the graph where another stood: cycles, unknown and repeated names. */
  private void rewire(GraphProto.Builder graph) {
    List<String> names = new ArrayList<>(List.of("", "nowhere"));
    graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    graph.getInputList().forEach(input -> names.add(input.getName()));
    String name = names.get(random.nextInt(names.size()));
    NodeProto.Builder node = graph.getNodeBuilder(node(graph));
    int places = node.getInputCount() + node.getOutputCount();
    int at = places == 0 ? 0 : random.nextInt(places);
    if (places == 0 || random.nextInt(8) == 0) {
      node.addInput(name);
    } else if (at < node.getInputCount()) {
      node.setInput(at, name);
    } else {
      node.setOutput(at - node.getInputCount(), name);
    }
  }

  private void initializer(GraphProto.Builder graph) {
    int count = graph.getInitializerCount();
    if (count == 0) {
      return;
    }
    int at = random.nextInt(count);
    TensorProto.Builder tensor = graph.getInitializerBuilder(at);
    switch (random.nextInt(7)) {
      case 0 -> graph.removeInitializer(at);
      case 1 -> graph.addInitializer(tensor.build());
      case 2 -> tensor.setName(graph.getInitializer(random.nextInt(count)).getName());
      case 3 -> tensor.setDataType(random.nextInt(24));
      case 4 -> tensor.clearRawData();
      case 5 -> tensor.setRawData(ByteString.copyFrom(new byte[random.nextInt(100)]));
      default -> {
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        for (String key : List.of("location", "offset", "length")) {
          tensor
              .addExternalDataBuilder()
              .setKey(key)
              .setValue(key.equals("location") ? "model.onnx.data" : Long.toString(number()));
        }
      }
    }
  }

  private void metadata(ModelProto.Builder model) {
    switch (random.nextInt(3)) {
      case 0 -> model.addMetadataPropsBuilder().setKey("features").setValue("a,b,,c");
      case 1 -> model.setProducerName("pytorch");
      default -> model.getGraphBuilder().clearOutput();
    }
  }
}
