package io.unroll.model.onnx;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one reading has taken of its {@link Limits}. */
final class Budget {
  private final long maxStored;
  private final Set<Object> storages = Collections.newSetFromMap(new IdentityHashMap<>());
  private long stored;
  private long work;
  private long row;
  private int highestRegister;

  /**
   * @param fileBytes of the model and its external data
   */
  Budget(long fileBytes) {
    maxStored = Limits.MAX_STORED + 4 * fileBytes;
  }

  /** What a node is about to work on. */
  void take(List<@Nullable Value> inputs) {
    for (Value input : inputs) {
      if (input instanceof Tensor tensor) {
        work = Math.addExact(work, Math.min(tensor.count(), Limits.MAX_ELEMENTS));
      }
    }
    if (work > Limits.MAX_WORK) {
      throw new Refusal(
          "computes constants from more than " + Limits.MAX_WORK + " elements altogether");
    }
  }

  /** What it made. */
  void add(List<Value> outputs) {
    for (Value output : outputs) {
      if (output instanceof Tensor tensor) {
        Limits.checkRank(tensor.rank());
        if (storages.add(tensor.storage())) {
          stored += tensor.stored();
        }
      } else if (output instanceof StepValue step) {
        Limits.checkRank(step.rank());
        if (step.register() > highestRegister) {
          highestRegister = step.register();
          row += step.width();
        }
      }
    }
    if (stored > maxStored) {
      throw new Refusal("constants of more than " + maxStored + " elements altogether");
    }
    if (row > Limits.MAX_WIDTH) {
      throw new Refusal("a step of more than " + Limits.MAX_WIDTH + " values altogether");
    }
  }
}
