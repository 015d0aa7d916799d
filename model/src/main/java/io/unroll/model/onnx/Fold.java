package io.unroll.model.onnx;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Arithmetic on constants. An axis along which every operand repeats is computed once. */
final class Fold {
  private Fold() {}

  private static void refuseState(Tensor tensor) {
    if (tensor.origin() != null) {
      throw Refusal.computesWithState(tensor.origin());
    }
  }

  static Tensor unary(Activation f, Tensor x) {
    refuseState(x);
    Tensor cut = x.cut();
    Tensor result;
    if (x.isFloat()) {
      float[] values = cut.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = f.of(values[i]);
      }
      result = Tensor.of(values, cut.dims());
    } else {
      long[] values = cut.toLongs();
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (f.function()) {
              case NEG -> -values[i];
              case ABS -> Math.abs(values[i]);
              case RELU -> Math.max(0, values[i]);
              case SIGN -> Long.signum(values[i]);
              case AFFINE -> 1 - values[i]; // Not, which alone comes here as one
              default -> throw new Refusal("works on whole numbers");
            };
      }
      result = Tensor.of(values, cut.toOpen(), cut.dims());
    }
    return result.expand(x.dims());
  }

  static Tensor binary(BinaryFunction f, Tensor a, Tensor b) {
    if (f != BinaryFunction.POW || !a.isFloat()) {
      Type.requireAlike(a, b);
    } else if (b.open()) {
      throw Refusal.countsSteps();
    }
    return elementwise(
        a,
        b,
        cut -> {
          if (a.isFloat()) {
            float[] x = cut.a.toFloats();
            float[] y = cut.b.toFloats();
            for (int i = 0; i < x.length; i++) {
              x[i] = f.of(x[i], y[i]);
            }
            if (f.compares()) {
              long[] truths = new long[x.length];
              Arrays.setAll(truths, i -> (long) x[i]);
              return Tensor.of(truths, cut.a.dims());
            }
            return Tensor.of(x, cut.a.dims());
          }
          long[] x = cut.a.toLongs();
          long[] y = cut.b.toLongs();
          for (int i = 0; i < x.length; i++) {
            x[i] = whole(f, x[i], y[i]);
          }
          return Tensor.of(x, cut.open(), cut.a.dims());
        });
  }

  private static long whole(BinaryFunction f, long a, long b) {
    return switch (f) {
      case ADD -> Math.addExact(a, b);
      case SUB -> Math.subtractExact(a, b);
      case MUL -> Math.multiplyExact(a, b);
      case DIV -> b == 0 ? divideByZero(a) : a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case POW -> power(a, b);
      case FMOD -> b == 0 ? divideByZero(a) : a % b;
      case MOD -> b == 0 ? divideByZero(a) : Math.floorMod(a, b);
      case PRELU -> a < 0 ? Math.multiplyExact(a, b) : a;
      case EQUAL -> a == b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case GREATER_OR_EQUAL -> a >= b ? 1 : 0;
    };
  }

  private static long divideByZero(long a) {
    throw new Refusal("divides " + a + " by 0");
  }

  private static long power(long a, long b) {
    if (b < 0) {
      throw new Refusal("takes " + a + " to the power of " + b + ", which is no whole number");
    }
    if (a == 0 || a == 1 || b == 0) {
      return b == 0 ? 1 : a;
    }
    if (a == -1) {
      return b % 2 == 0 ? 1 : -1;
    }
    long power = 1;
    for (long i = 0; i < b; i++) {
      power = Math.multiplyExact(power, a); // overflows, and throws, within 63 rounds
    }
    return power;
  }

  /** Two constants of one shape. */
  record Pair(Tensor a, Tensor b) {
    boolean[] open() {
      boolean[] open = a.toOpen();
      boolean[] other = b.toOpen();
      for (int i = 0; i < open.length; i++) {
        open[i] |= other[i];
      }
      return open;
    }
  }

  /** What one of two constants becomes, element by element. */
  interface OfPair {
    Tensor apply(Pair pair);
  }

  static Tensor elementwise(Tensor a, Tensor b, OfPair f) {
    refuseState(a);
    refuseState(b);
    int[] dims = Shapes.broadcast(a.dims(), b.dims());
    Tensor wideA = a.expand(dims);
    Tensor wideB = b.expand(dims);
    for (int axis = 0; axis < dims.length; axis++) {
      if (dims[axis] > 1 && wideA.repeats(axis) && wideB.repeats(axis)) {
        wideA = wideA.slice(axis, 0, 1, 1);
        wideB = wideB.slice(axis, 0, 1, 1);
      }
    }
    return f.apply(new Pair(wideA, wideB)).expand(dims);
  }

  /** Element by element of x where the condition is not 0, else of y. */
  static Tensor choose(Tensor condition, Tensor x, Tensor y) {
    refuseState(x);
    refuseState(y);
    int[] dims = Shapes.broadcast(condition.dims(), Shapes.broadcast(x.dims(), y.dims()));
    Tensor[] wide = {condition.expand(dims), x.expand(dims), y.expand(dims)};
    for (int axis = 0; axis < dims.length; axis++) {
      int at = axis;
      if (dims[axis] > 1 && Arrays.stream(wide).allMatch(t -> t.repeats(at))) {
        Arrays.setAll(wide, i -> wide[i].slice(at, 0, 1, 1));
      }
    }
    long[] choice = wide[0].toLongs();
    int[] cut = wide[0].dims();
    if (x.isFloat()) {
      if (condition.open()) {
        throw Refusal.countsSteps();
      }
      float[] a = wide[1].toFloats();
      float[] b = wide[2].toFloats();
      for (int i = 0; i < a.length; i++) {
        a[i] = choice[i] != 0 ? a[i] : b[i];
      }
      return Tensor.of(a, cut).expand(dims);
    }
    long[] a = wide[1].toLongs();
    long[] b = wide[2].toLongs();
    boolean[] open = wide[0].toOpen();
    boolean[] openA = wide[1].toOpen();
    boolean[] openB = wide[2].toOpen();
    for (int i = 0; i < a.length; i++) {
      open[i] |= openA[i] || openB[i];
      a[i] = choice[i] != 0 ? a[i] : b[i];
    }
    return Tensor.of(a, open, cut).expand(dims);
  }

  /** a (m, k) · b (k, n), sums in double. */
  static Tensor product(Tensor a, Tensor b) {
    refuseState(a);
    refuseState(b);
    if (a.rank() != 2 || b.rank() != 2 || a.dim(1) != b.dim(0)) {
      throw new Refusal(
          "multiplies constants " + Shapes.text(a.dims()) + " and " + Shapes.text(b.dims()));
    }
    if (a.open() || b.open()) {
      throw new Refusal("multiplies numbers of steps or of series");
    }
    int m = a.dim(0);
    int k = a.dim(1);
    int n = b.dim(1);
    if ((double) m * k * n > Limits.MAX_PRODUCT) {
      throw new Refusal(
          "multiplies constants %s and %s: more than %d products"
              .formatted(Shapes.text(a.dims()), Shapes.text(b.dims()), Limits.MAX_PRODUCT));
    }
    float[] x = a.toFloats();
    float[] y = b.toFloats();
    float[] product = new float[Math.multiplyExact(m, n)];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int l = 0; l < k; l++) {
          sum += (double) x[i * k + l] * y[l * n + j];
        }
        product[i * n + j] = (float) sum;
      }
    }
    return Tensor.of(product, m, n);
  }

  /** MatMul of constants of rank 1 or 2, and of higher ones with a matrix on the right. */
  static Tensor matMul(Tensor a, Tensor b) {
    if (a.rank() == 0 || b.rank() == 0 || b.rank() > 2) {
      throw new Refusal(
          "multiplies constants " + Shapes.text(a.dims()) + " and " + Shapes.text(b.dims()));
    }
    Tensor right = b.rank() == 1 ? b.insert(1) : b;
    int inner = a.dim(a.rank() - 1);
    int rows = inner == 0 ? 0 : Math.toIntExact(a.count() / inner);
    Tensor product = product(a.reshape(rows, inner), right);
    int[] dims = a.dims();
    if (b.rank() == 1) {
      return product.reshape(Arrays.copyOf(dims, dims.length - 1));
    }
    dims[dims.length - 1] = b.dim(1);
    return product.reshape(dims);
  }

  /** Parts one behind the other along an axis. */
  static Tensor concat(int axis, int parts, IntFunction<Tensor> part) {
    Tensor first = part.apply(0);
    int[] dims = first.dims();
    dims[axis] = 0;
    boolean[] repeats = new boolean[dims.length];
    Arrays.fill(repeats, true);
    for (int p = 0; p < parts; p++) {
      Tensor tensor = part.apply(p);
      refuseState(tensor);
      int[] other = tensor.dims();
      for (int i = 0; i < dims.length; i++) {
        if (tensor.rank() != dims.length || (i != axis && other[i] != dims[i])) {
          throw new Refusal(
              "joins "
                  + Shapes.text(first.dims())
                  + " and "
                  + Shapes.text(other)
                  + " along axis "
                  + axis);
        }
        repeats[i] &= i != axis && tensor.repeats(i);
      }
      if (tensor.isFloat() != first.isFloat()) {
        throw new Refusal("joins floats and whole numbers");
      }
      dims[axis] = Math.addExact(dims[axis], other[axis]);
    }
    int[] cutDims = dims.clone();
    int outer = 1;
    int inner = 1;
    for (int i = 0; i < dims.length; i++) {
      cutDims[i] = repeats[i] ? Math.min(1, dims[i]) : dims[i];
      if (i < axis) {
        outer = Math.multiplyExact(outer, cutDims[i]);
      } else if (i > axis) {
        inner = Math.multiplyExact(inner, cutDims[i]);
      }
    }
    long count = Shapes.count(cutDims);
    if (count > Limits.MAX_ELEMENTS) {
      throw new Refusal("a constant of " + count + " elements");
    }
    float[] floats = new float[first.isFloat() ? (int) count : 0];
    long[] longs = new long[first.isFloat() ? 0 : (int) count];
    boolean[] open = new boolean[longs.length];
    int at = 0;
    int row = cutDims[axis] * inner;
    for (int p = 0; p < parts; p++) {
      Tensor tensor = part.apply(p);
      for (int i = 0; i < dims.length; i++) {
        if (repeats[i] && dims[i] > 1) {
          tensor = tensor.slice(i, 0, 1, 1);
        }
      }
      int length = tensor.dim(axis) * inner;
      Object from = first.isFloat() ? tensor.toFloats() : tensor.toLongs();
      Object to = first.isFloat() ? floats : longs;
      boolean[] fromOpen = tensor.toOpen();
      for (int o = 0; o < outer; o++) {
        System.arraycopy(from, o * length, to, o * row + at, length);
        if (!first.isFloat()) {
          System.arraycopy(fromOpen, o * length, open, o * row + at, length);
        }
      }
      at += length;
    }
    Tensor joined = first.isFloat() ? Tensor.of(floats, cutDims) : Tensor.of(longs, open, cutDims);
    return joined.expand(dims);
  }
}
