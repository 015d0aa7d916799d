package io.unroll.model.unroll;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.unroll.model.cell.CellOracle;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxFile;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Golden case 08's decoder from its raw tensors in double: embedding, GRU, dense, arg max. */
final class DecoderOracle {
  private final float[] embedding; // (tokens, 8)
  private final CellWeights gru;
  private final float[] dense; // (48, tokens)
  private final float[] bias; // (tokens)

  DecoderOracle(OnnxFile file) {
    try {
      GraphProto graph = ModelProto.parseFrom(file.model()).getGraph();
      embedding = tensor(graph, "emb.weight");
      float[] b = tensor(graph, "onnx::GRU_98");
      gru =
          new CellWeights(
              "gru",
              8,
              48,
              tensor(graph, "onnx::GRU_96"),
              tensor(graph, "onnx::GRU_97"),
              Arrays.copyOf(b, 144),
              Arrays.copyOfRange(b, 144, 288),
              0);
      dense = tensor(graph, "onnx::MatMul_99");
      bias = tensor(graph, "out.bias");
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  static float[] tensor(GraphProto graph, String name) {
    for (TensorProto tensor : graph.getInitializerList()) {
      if (tensor.getName().equals(name)) {
        float[] values = new float[tensor.getRawData().size() / 4];
        tensor
            .getRawData()
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(values);
        return values;
      }
    }
    throw new IllegalArgumentException("no tensor " + name);
  }

  List<Integer> decode(float[] state, int start, int eos, int maxSteps) {
    double[] h = new double[state.length];
    Arrays.setAll(h, i -> state[i]);
    List<Integer> tokens = new ArrayList<>();
    int token = start;
    while (tokens.size() < maxSteps && (tokens.isEmpty() || token != eos)) {
      h = CellOracle.gru(gru, true, Arrays.copyOfRange(embedding, token * 8, token * 8 + 8), h);
      double best = Double.NEGATIVE_INFINITY;
      for (int t = 0; t < bias.length; t++) {
        double logit = bias[t];
        for (int j = 0; j < h.length; j++) {
          logit += h[j] * dense[j * bias.length + t];
        }
        if (logit > best) {
          best = logit;
          token = t;
        }
      }
      tokens.add(token);
    }
    return tokens;
  }
}
