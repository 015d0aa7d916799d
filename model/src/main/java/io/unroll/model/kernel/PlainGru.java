package io.unroll.model.kernel;

/** Rows one after the other, every form. */
final class PlainGru implements CellStep {
  private final GruForm form;
  private final boolean standard;
  private final int in;
  private final int n;
  private final float[] w; // (in, 3n)
  private final float[] inputBias; // (3n)
  private final float[] rzr; // (n, 2n)
  private final float[] rh; // (n, n)
  private final float[] stateBias; // (3n)

  PlainGru(GruForm form, SplitWeights weights) {
    this.form = form;
    standard = form.standard();
    in = weights.inputs();
    n = weights.neurons();
    w = weights.w();
    inputBias = weights.inputBias();
    rzr = weights.rzr();
    rh = weights.rh();
    stateBias = weights.stateBias();
  }

  /** One row's input part (3n), state part (3n) and r·h (n). */
  @Override
  public int scratch(int rows) {
    return 7 * n;
  }

  @Override
  public void run(
      int rows,
      float[] x,
      float[] state,
      float[] next,
      int stride,
      int at,
      float[] scratch,
      float[] y) {
    int ofState = 3 * n;
    int resetState = 6 * n;
    for (int row = 0; row < rows; row++) {
      int h = row * stride + at;
      System.arraycopy(inputBias, 0, scratch, 0, 3 * n);
      System.arraycopy(stateBias, 0, scratch, ofState, 3 * n);
      Rows.addProduct(x, row * in, in, w, 0, 3 * n, scratch, 0);
      Rows.addProduct(state, h, n, rzr, 0, 2 * n, scratch, ofState);
      if (standard) {
        Gates.updateAndReset(scratch, n);
      } else {
        Gates.updateAndReset(form, scratch, n);
      }
      if (form.linearBeforeReset()) {
        Rows.addProduct(state, h, n, rh, 0, n, scratch, ofState + 2 * n);
      } else {
        Rows.combine(BinaryFunction.MUL, n, scratch, n, state, h, scratch, resetState);
        Rows.addProduct(scratch, resetState, n, rh, 0, n, scratch, ofState + 2 * n);
      }
      if (!standard) {
        Gates.candidate(form, scratch, n);
      } else if (form.linearBeforeReset()) {
        Gates.candidateAfterReset(scratch, n);
      } else {
        Gates.candidateBeforeReset(scratch, n);
      }
      Gates.gruOutput(scratch, n, state, h, y, row * n);
      System.arraycopy(y, row * n, next, h, n);
    }
  }
}
