package io.unroll.model.onnx;

import io.unroll.model.onnx.Factor.Feature;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One axis of a per-step value: the product of its factors, slowest first; none is an extent of 1.
 *
 * @param made the graph made this extent of 1 of nothing; it is no axis of the input. Two axes that
 *     differ in nothing else are equal.
 */
record Axis(List<Factor> factors, boolean made) {
  static final Axis ONE = new Axis(List.of());
  static final Axis MADE = new Axis(List.of(), true);

  Axis(List<Factor> factors) {
    this(factors, false);
  }

  /** Neighbouring features are one; features of 1 are none. */
  Axis {
    List<Factor> merged = new ArrayList<>();
    for (Factor factor : factors) {
      int last = merged.size() - 1;
      if (factor instanceof Feature f && f.size() == 1) {
        continue;
      }
      if (factor instanceof Feature f && last >= 0 && merged.get(last) instanceof Feature before) {
        merged.set(last, new Feature(Math.multiplyExact(before.size(), f.size())));
      } else {
        merged.add(factor);
      }
    }
    factors = List.copyOf(merged);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Axis axis && factors.equals(axis.factors);
  }

  @Override
  public int hashCode() {
    return factors.hashCode();
  }

  static Axis of(Factor factor) {
    return new Axis(List.of(factor));
  }

  int size() {
    int size = 1;
    for (Factor factor : factors) {
      size = Math.multiplyExact(size, factor.size());
    }
    return size;
  }

  /** Whether it lies within the row. */
  boolean isFeature() {
    return factors.stream().allMatch(Feature.class::isInstance);
  }

  /** The one extent outside the row that this axis is, if it is one. */
  boolean isOuter() {
    return factors.size() == 1 && factors.get(0) instanceof Outer;
  }

  Outer outer() {
    if (factors.size() == 1 && factors.get(0) instanceof Outer outer) {
      return outer;
    }
    throw new IllegalStateException("not an outer axis: " + this);
  }
}
