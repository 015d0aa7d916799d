package io.unroll.bench.network;

import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import org.ejml.data.FMatrixRMaj;

/**
 * Steps before anything is measured, as the operator takes them before its first observation:
 * vectors that the JIT has not compiled take up to a thousand times as long, and short windows
 * would end before it has.
 */
final class Warming {
  /** Rows at most: what the JIT wants to see of the smallest network. */
  private static final long ROWS = 1 << 14;

  /** Products at most: of a larger network the JIT sees as much in fewer rows. */
  private static final long PRODUCTS = 1 << 28;

  private Warming() {}

  /**
   * Steps a model.
   *
   * @param rows of each step
   * @return how many steps; 0 where the kernel needs none
   */
  static long up(RecurrentModel model, int rows) {
    if (!model.graph().kernel().wantsWarmUp()) {
      return 0;
    }
    long products =
        model.graph().nodes().stream().mapToLong(node -> node.layer().parameters()).sum();
    long steps = Math.max(1, Math.min(ROWS, PRODUCTS / (1 + products)) / rows);
    FMatrixRMaj input =
        FMatrixRMaj.wrap(rows, model.inputSize(), Networks.inputs(rows * model.inputSize()));
    FMatrixRMaj state = new FMatrixRMaj(rows, model.stateLayout().size());
    Workspace workspace = model.workspace(rows);
    for (long step = 0; step < steps; step++) {
      model.step(input, state, workspace);
    }
    return steps;
  }
}
