package io.unroll.bench.peers;

import io.unroll.bench.peer.Peers;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.DenseStep;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.Reduction;

/** LSTM steps by ONNX Runtime; what surrounds them by Unroll's best kernel. */
final class OnnxRuntimeKernel implements Kernel {
  private final Kernel others = Kernels.best();

  @Override
  public String name() {
    return Peers.ONNX_RUNTIME;
  }

  @Override
  public CellStep cell(CellForm form, CellWeights weights) {
    if (!(form instanceof LstmForm lstm)) {
      return others.cell(form, weights);
    }
    if (!lstm.standard()) {
      throw new IllegalArgumentException("LSTM " + form.text() + ": expected the standard form");
    }
    return new OnnxRuntimeStep(weights);
  }

  @Override
  public DenseStep dense(int in, int out, float[] w, float[] bias) {
    return others.dense(in, out, w, bias);
  }

  @Override
  public void apply(Activation f, int count, float[] x, float[] y) {
    others.apply(f, count, x, y);
  }

  @Override
  public void combine(BinaryFunction f, int count, float[] a, float[] b, float[] y) {
    others.combine(f, count, a, b, y);
  }

  @Override
  public void combineConstant(
      BinaryFunction f,
      int rows,
      int width,
      float[] x,
      float[] constant,
      boolean constantFirst,
      float[] y) {
    others.combineConstant(f, rows, width, x, constant, constantFirst, y);
  }

  @Override
  public void softmax(int rows, int width, float[] x, float[] y) {
    others.softmax(rows, width, x, y);
  }

  @Override
  public void logSoftmax(int rows, int width, float[] x, float[] y) {
    others.logSoftmax(rows, width, x, y);
  }

  @Override
  public void reduce(Reduction f, int rows, int width, float[] x, float[] y) {
    others.reduce(f, rows, width, x, y);
  }

  @Override
  public void layerNorm(
      int rows, int width, float[] x, float[] scale, float[] bias, float epsilon, float[] y) {
    others.layerNorm(rows, width, x, scale, bias, epsilon, y);
  }

  @Override
  public boolean finite(float[] x, int from, int count) {
    return others.finite(x, from, count);
  }

  @Override
  public boolean wantsWarmUp() {
    return false;
  }
}
