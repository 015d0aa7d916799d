package io.unroll.model.kernel.vector;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.DenseStep;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.PlainKernelProvider;
import io.unroll.model.kernel.Reduction;
import io.unroll.model.kernel.RnnForm;

/**
 * Products, standard cells and the common functions in vector lanes; the rest is the plain
 * kernel's. Every value is the same chain of the same IEEE operations whatever the vector's width.
 */
final class VectorKernel implements Kernel {
  static final String NAME = "vector";

  private final Kernel plain = new PlainKernelProvider().create();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DenseStep dense(int in, int out, float[] w, float[] bias) {
    return new VectorDense(in, out, w, bias);
  }

  @Override
  public CellStep cell(CellForm form, CellWeights weights) {
    return form.match(new Cells(weights));
  }

  private final class Cells implements CellForm.Cases<CellStep> {
    private final CellWeights weights;

    Cells(CellWeights weights) {
      this.weights = weights;
    }

    @Override
    public CellStep rnn(RnnForm form) {
      return form.clip() == Float.POSITIVE_INFINITY
          ? new VectorRnn(VectorKernel.this, form.f(), form.pack(weights))
          : plain.cell(form, weights);
    }

    @Override
    public CellStep lstm(LstmForm form) {
      return form.standard() ? new VectorLstm(form.pack(weights)) : plain.cell(form, weights);
    }

    @Override
    public CellStep gru(GruForm form) {
      if (!form.standard()) {
        return plain.cell(form, weights);
      }
      return form.linearBeforeReset()
          ? new VectorGruAfter(form.pack(weights))
          : new VectorGruBefore(form.pack(weights));
    }
  }

  @Override
  public void apply(Activation f, int count, float[] x, float[] y) {
    switch (f.function()) {
      case SIGMOID -> Functions.sigmoid(count, x, 0, y, 0);
      case TANH -> Functions.tanh(count, x, 0, y, 0);
      case EXP -> Functions.exp(count, x, 0, 0, y, 0);
      case RELU -> Functions.relu(count, x, y);
      case LEAKY_RELU -> Functions.leakyRelu(count, f.alpha(), x, y);
      case HARD_SIGMOID -> Functions.hardSigmoid(count, f.alpha(), f.beta(), x, y);
      case CLIP -> Functions.clip(count, f.alpha(), f.beta(), x, y);
      case AFFINE -> {
        float alpha = f.alpha();
        float beta = f.beta();
        for (int j = 0; j < count; j++) { // the JIT has lanes for this, here and below
          y[j] = alpha * x[j] + beta;
        }
      }
      case SCALED_TANH -> {
        float alpha = f.alpha();
        float beta = f.beta();
        for (int j = 0; j < count; j++) {
          y[j] = beta * x[j];
        }
        Functions.tanh(count, y, 0, y, 0);
        for (int j = 0; j < count; j++) {
          y[j] = alpha * y[j];
        }
      }
      case NEG -> {
        for (int j = 0; j < count; j++) {
          y[j] = -x[j];
        }
      }
      case ABS -> {
        for (int j = 0; j < count; j++) {
          y[j] = Math.abs(x[j]);
        }
      }
      default -> plain.apply(f, count, x, y);
    }
  }

  @Override
  public void combine(BinaryFunction f, int count, float[] a, float[] b, float[] y) {
    switch (f) {
      case ADD -> {
        for (int j = 0; j < count; j++) {
          y[j] = a[j] + b[j];
        }
      }
      case SUB -> {
        for (int j = 0; j < count; j++) {
          y[j] = a[j] - b[j];
        }
      }
      case MUL -> {
        for (int j = 0; j < count; j++) {
          y[j] = a[j] * b[j];
        }
      }
      case DIV -> {
        for (int j = 0; j < count; j++) {
          y[j] = a[j] / b[j];
        }
      }
      default -> plain.combine(f, count, a, b, y);
    }
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
    plain.combineConstant(f, rows, width, x, constant, constantFirst, y);
  }

  @Override
  public void softmax(int rows, int width, float[] x, float[] y) {
    for (int row = 0; row < rows; row++) {
      Functions.softmax(width, x, y, row * width);
    }
  }

  @Override
  public void logSoftmax(int rows, int width, float[] x, float[] y) {
    plain.logSoftmax(rows, width, x, y);
  }

  @Override
  public void reduce(Reduction f, int rows, int width, float[] x, float[] y) {
    plain.reduce(f, rows, width, x, y);
  }

  @Override
  public void layerNorm(
      int rows, int width, float[] x, float[] scale, float[] bias, float epsilon, float[] y) {
    plain.layerNorm(rows, width, x, scale, bias, epsilon, y);
  }

  @Override
  public boolean finite(float[] x, int from, int count) {
    return Functions.finite(x, from, count);
  }

  @Override
  public boolean wantsWarmUp() {
    return true;
  }
}
