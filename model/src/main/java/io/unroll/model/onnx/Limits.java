package io.unroll.model.onnx;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds on the memory and the work of one reading. A file of a hundred bytes can ask for constants
 * of any size; each limit is far above what a network that runs once per event has.
 */
final class Limits {
  /** Axes of one value. */
  static final int MAX_RANK = 64;

  /** Axes, sizes or bounds that one node is given. */
  static final int MAX_LIST = 1 << 12;

  /** Elements of a constant that stand neither in the file nor in another constant. */
  static final int MAX_EXPANDED = 1 << 22;

  /** Floats of state per series. */
  static final int MAX_STATE = 1 << 20;

  /** Slots listed under the names of graph outputs, altogether. */
  static final int MAX_NAMED = 1 << 16;

  /** Multiplications of one product of constants. */
  static final long MAX_PRODUCT = 1L << 30;

  /** Elements of computed constants, besides four for each byte of the file. */
  private static final long MAX_STORED = 1L << 24;

  private static final long MAX_WORK = 1L << 32;
  private static final long MAX_ROW = StepValue.MAX_WIDTH;

  private final long maxStored;
  private final Set<Object> storages = Collections.newSetFromMap(new IdentityHashMap<>());
  private long stored;
  private long work;
  private long row;
  private int highestRegister;

  /**
   * @param fileBytes of the model and its external data
   */
  Limits(long fileBytes) {
    maxStored = MAX_STORED + 4 * fileBytes;
  }

  static void checkRank(int rank) {
    if (rank > MAX_RANK) {
      throw new Refusal("a value of rank " + rank + ", at most " + MAX_RANK);
    }
  }

  /** What a node is about to work on. */
  void take(List<@Nullable Value> inputs) {
    for (Value input : inputs) {
      if (input instanceof Tensor tensor) {
        work = Math.addExact(work, Math.min(tensor.count(), Tensor.MAX_ELEMENTS));
      }
    }
    if (work > MAX_WORK) {
      throw new Refusal("computes constants from more than " + MAX_WORK + " elements altogether");
    }
  }

  /** What it made. */
  void add(List<Value> outputs) {
    for (Value output : outputs) {
      if (output instanceof Tensor tensor) {
        checkRank(tensor.rank());
        if (storages.add(tensor.storage())) {
          stored += tensor.stored();
        }
      } else if (output instanceof StepValue step) {
        checkRank(step.rank());
        if (step.register() > highestRegister) {
          highestRegister = step.register();
          row += step.width();
        }
      }
    }
    if (stored > maxStored) {
      throw new Refusal("constants of more than " + maxStored + " elements altogether");
    }
    if (row > MAX_ROW) {
      throw new Refusal("a step of more than " + MAX_ROW + " values altogether");
    }
  }
}
