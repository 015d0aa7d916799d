package io.unroll.bench.peers;

import io.unroll.bench.peer.Peers;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.DenseStep;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.Reduction;
import io.unroll.model.kernel.RnnForm;

/** LSTM steps by ONNX Runtime; what surrounds them by Unroll's best kernel. */
final class OnnxRuntimeKernel implements Kernel {
  private final Kernel others = Kernels.best();

  @Override
  public String name() {
    return Peers.ONNX_RUNTIME;
  }

  @Override
  public CellStep lstm(LstmForm form, int in, int n, float[] w, float[] bias) {
    if (!form.standard()) {
      throw new IllegalArgumentException("LSTM " + form.text() + ": expected the standard form");
    }
    return new OnnxRuntimeStep(in, n, w, bias);
  }

  @Override
  public DenseStep dense(int in, int out, float[] w, float[] bias) {
    return others.dense(in, out, w, bias);
  }

  @Override
  public CellStep rnn(RnnForm form, int in, int n, float[] w, float[] bias) {
    return others.rnn(form, in, n, w, bias);
  }

  @Override
  public CellStep gru(
      GruForm form,
      int in,
      int n,
      float[] w,
      float[] inputBias,
      float[] rzr,
      float[] rh,
      float[] stateBias) {
    return others.gru(form, in, n, w, inputBias, rzr, rh, stateBias);
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
