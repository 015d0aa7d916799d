package io.unroll.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.unroll.bench.peer.Shape;
import io.unroll.model.kernel.CellWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime at its best: one thread, every input and output a direct buffer that is bound once,
 * no tensor made per call. Two sets of state buffers swap their parts, so that feeding the state
 * back copies nothing.
 */
final class PinnedSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final FloatBuffer x; // (rows, inputs)
  private final FloatBuffer[] h = new FloatBuffer[2]; // (rows, neurons)
  private final FloatBuffer[] c = new FloatBuffer[2]; // (rows, neurons); empty for a GRU
  private final List<Map<String, OnnxTensor>> inputs = new ArrayList<>();
  private final List<Map<String, OnnxTensor>> outputs = new ArrayList<>();

  PinnedSession(Shape.Cell cell, CellWeights weights, int rows) {
    int n = weights.neurons();
    boolean lstm = cell == Shape.Cell.LSTM;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(OneStepGraph.of(cell, weights, rows), options);
      x = buffer(rows * weights.inputs());
      OnnxTensor xTensor = tensor(x, rows, weights.inputs());
      OnnxTensor[] hTensors = new OnnxTensor[2];
      OnnxTensor[] cTensors = new OnnxTensor[2];
      for (int side = 0; side < 2; side++) {
        h[side] = buffer(rows * n);
        hTensors[side] = tensor(h[side], rows, n);
        c[side] = buffer(lstm ? rows * n : 0);
        if (lstm) {
          cTensors[side] = tensor(c[side], rows, n);
        }
      }
      for (int from = 0; from < 2; from++) {
        Map<String, OnnxTensor> in = new HashMap<>();
        in.put(OneStepGraph.X, xTensor);
        in.put(OneStepGraph.H, hTensors[from]);
        Map<String, OnnxTensor> out = new HashMap<>();
        out.put(OneStepGraph.NEXT_H, hTensors[1 - from]);
        if (lstm) {
          in.put(OneStepGraph.C, cTensors[from]);
          out.put(OneStepGraph.NEXT_C, cTensors[1 - from]);
        }
        inputs.add(in);
        outputs.add(out);
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  private static FloatBuffer buffer(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private OnnxTensor tensor(FloatBuffer buffer, int rows, int width) throws OrtException {
    OnnxTensor tensor =
        OnnxTensor.createTensor(environment, buffer, new long[] {1, rows, width});
    tensors.add(tensor);
    return tensor;
  }

  /** The inputs of every row. Written by the caller. */
  FloatBuffer x() {
    return x;
  }

  /** h of every row, on side 0 or 1. */
  FloatBuffer h(int side) {
    return h[side];
  }

  /** c of every row, on side 0 or 1. */
  FloatBuffer c(int side) {
    return c[side];
  }

  /** One step from the state on side {@code from}; the next one is on the other side. */
  void run(int from) {
    try {
      // All outputs are pinned: the result holds nothing of its own.
      session.run(inputs.get(from), outputs.get(from)).close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    tensors.forEach(OnnxTensor::close);
    try {
      session.close(); // the environment is the process's own
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }
}
