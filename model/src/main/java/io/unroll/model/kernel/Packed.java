package io.unroll.model.kernel;

/** Weights re-arranged once, when a model is read. */
final class Packed {
  private Packed() {}

  /**
   * Rows {@code from} to {@code to} of ONNX's {@code (outputs, inputs)} as the kernel's {@code
   * (inputs, outputs)}.
   */
  static float[] transpose(float[] weights, int inputs, int from, int to) {
    int outputs = to - from;
    float[] packed = new float[inputs * outputs];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        packed[i * outputs + o] = weights[(from + o) * inputs + i];
      }
    }
    return packed;
  }

  /** a (rows a, n) over b (rows b, n). */
  static float[] stack(float[] a, float[] b) {
    float[] both = new float[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** a + b, element by element. */
  static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
