package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime on one file: the other implementation to compare with. One thread, quiet. Whatever a
 * value's type there, it is floats here.
 */
final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;

  /**
   * A value of the graph.
   *
   * @param dims its extents
   * @param data its elements, row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared as a whole
  record Values(long[] dims, float[] data) {
    /** [batch][step][feature] in that order of axes. */
    static Values batchFirst(float[][][] x) {
      int width = x[0][0].length;
      float[] data = new float[x.length * x[0].length * width];
      int at = 0;
      for (float[][] sample : x) {
        for (float[] row : sample) {
          System.arraycopy(row, 0, data, at, width);
          at += width;
        }
      }
      return new Values(new long[] {x.length, x[0].length, width}, data);
    }

    /** [batch][step][feature] as (step, batch, feature). */
    static Values timeMajor(float[][][] x) {
      float[][][] turned = new float[x[0].length][x.length][];
      for (int t = 0; t < turned.length; t++) {
        for (int b = 0; b < x.length; b++) {
          turned[t][b] = x[b][t];
        }
      }
      return batchFirst(turned);
    }

    /** The same elements under other extents. */
    Values as(long... newDims) {
      return new Values(newDims, data);
    }
  }

  /**
   * @throws OrtException when ONNX Runtime refuses the file
   */
  OnnxRuntime(OnnxFile file) throws OrtException {
    environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // Its transpose optimizer fails on Squeeze of unordered axes (operator sets below 13).
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      session = environment.createSession(selfContained(file), options);
    }
  }

  /** Names of the graph's inputs. */
  Set<String> inputs() {
    return session.getInputNames();
  }

  /** All outputs of that file. */
  static Map<String, Values> run(OnnxFile file, Map<String, Values> inputs) throws OrtException {
    try (OnnxRuntime runtime = new OnnxRuntime(file)) {
      return runtime.run(inputs);
    }
  }

  /**
   * All outputs, in the graph's order.
   *
   * @param inputs by name; converted to the type that the graph declares
   */
  Map<String, Values> run(Map<String, Values> inputs) throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      Map<String, NodeInfo> infos = session.getInputInfo();
      for (Map.Entry<String, Values> input : inputs.entrySet()) {
        NodeInfo info = infos.get(input.getKey());
        if (info == null) {
          throw new IllegalArgumentException(
              "no input '" + input.getKey() + "' among the graph's " + infos.keySet());
        }
        tensors.put(input.getKey(), tensor(((TensorInfo) info.getInfo()).type, input.getValue()));
      }
      Map<String, Values> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(tensors)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), values((OnnxTensor) output.getValue()));
        }
      }
      return outputs;
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(OnnxJavaType type, Values values) throws OrtException {
    float[] data = values.data();
    long[] dims = values.dims();
    return switch (type) {
      case FLOAT -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(data), dims);
      case INT64 -> {
        long[] whole = new long[data.length];
        Arrays.setAll(whole, i -> (long) data[i]);
        yield OnnxTensor.createTensor(environment, LongBuffer.wrap(whole), dims);
      }
      case INT32 -> {
        int[] whole = new int[data.length];
        Arrays.setAll(whole, i -> (int) data[i]);
        yield OnnxTensor.createTensor(environment, IntBuffer.wrap(whole), dims);
      }
      case BOOL -> {
        ByteBuffer bytes = ByteBuffer.allocateDirect(data.length);
        for (float value : data) {
          bytes.put((byte) (value == 0 ? 0 : 1));
        }
        yield OnnxTensor.createTensor(environment, bytes.rewind(), dims, OnnxJavaType.BOOL);
      }
      default -> throw new IllegalArgumentException("an input of type " + type);
    };
  }

  private static Values values(OnnxTensor tensor) {
    long[] dims = tensor.getInfo().getShape();
    OnnxJavaType type = tensor.getInfo().type;
    int count = 1;
    for (long dim : dims) {
      count *= (int) dim;
    }
    float[] data = new float[count];
    if (count == 0) {
      return new Values(dims, data); // ONNX Runtime has no buffer of nothing
    }
    switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 -> tensor.getFloatBuffer().get(data);
      case DOUBLE -> {
        for (int i = 0; i < count; i++) {
          data[i] = (float) tensor.getDoubleBuffer().get(i);
        }
      }
      case INT64 -> {
        LongBuffer buffer = tensor.getLongBuffer();
        for (int i = 0; i < count; i++) {
          data[i] = buffer.get(i);
        }
      }
      case INT32 -> {
        IntBuffer buffer = tensor.getIntBuffer();
        for (int i = 0; i < count; i++) {
          data[i] = buffer.get(i);
        }
      }
      case BOOL, INT8, UINT8 -> {
        ByteBuffer buffer = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
          data[i] = buffer.get(i);
        }
      }
      default -> throw new IllegalArgumentException("an output of type " + type);
    }
    return new Values(dims, data);
  }

  @Override
  public void close() throws OrtException {
    session.close(); // the environment is the process's own
  }

  // ---- external data becomes the file's own ----

  private static byte[] selfContained(OnnxFile file) {
    Map<String, byte[]> external = file.externalData();
    if (external.isEmpty()) {
      return file.model();
    }
    try {
      ModelProto.Builder model = ModelProto.parseFrom(file.model()).toBuilder();
      inline(model.getGraphBuilder(), external);
      return model.build().toByteArray();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(file.name() + " is not an ONNX model", e);
    }
  }

  private static void inline(GraphProto.Builder graph, Map<String, byte[]> external) {
    graph.getInitializerBuilderList().forEach(tensor -> inline(tensor, external));
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasT()) {
          inline(attribute.getTBuilder(), external);
        }
        if (attribute.hasG()) {
          inline(attribute.getGBuilder(), external);
        }
      }
    }
  }

  private static void inline(TensorProto.Builder tensor, Map<String, byte[]> external) {
    if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
      return;
    }
    List<StringStringEntryProto> entries = tensor.getExternalDataList();
    byte[] bytes = external.get(entry(entries, "location", ""));
    if (bytes == null) {
      throw new IllegalArgumentException("no external data for '" + tensor.getName() + "'");
    }
    int offset = Integer.parseInt(entry(entries, "offset", "0"));
    int length = Integer.parseInt(entry(entries, "length", "" + (bytes.length - offset)));
    tensor
        .clearExternalData()
        .clearDataLocation()
        .setRawData(ByteString.copyFrom(bytes, offset, length));
  }

  private static String entry(List<StringStringEntryProto> entries, String key, String otherwise) {
    for (StringStringEntryProto entry : entries) {
      if (entry.getKey().equals(key)) {
        return entry.getValue();
      }
    }
    return otherwise;
  }
}
