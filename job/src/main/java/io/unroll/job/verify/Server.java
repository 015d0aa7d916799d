package io.unroll.job.verify;

import io.unroll.job.verify.Case.Step;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** Steps series as the operator does: one input, one step, a state of its own per series. */
final class Server {
  private final RecurrentModel model;
  private final List<String> featureNames;
  private final Workspace workspace;
  private final FMatrixRMaj input;
  private final FMatrixRMaj state;
  private final Map<String, float[]> states = new HashMap<>();

  Server(RecurrentModel model, List<String> featureNames) {
    this.model = model;
    this.featureNames = featureNames;
    workspace = model.workspace(1);
    input = new FMatrixRMaj(1, model.inputSize());
    state = new FMatrixRMaj(1, model.stateLayout().size());
  }

  /**
   * One step.
   *
   * @param initial what the series starts from; null for the model's own
   * @return why the stream rejects the input, or null
   */
  @Nullable String step(Step step, float @Nullable [] initial) {
    float[] own = state(step.series(), initial);
    for (int i = 0; i < step.input().length; i++) {
      if (!Float.isFinite(step.input()[i])) {
        return "feature '%s': found %s, expected a finite number"
            .formatted(featureNames.get(i), step.input()[i]);
      }
    }
    System.arraycopy(step.input(), 0, input.data, 0, input.numCols);
    System.arraycopy(own, 0, state.data, 0, own.length);
    model.step(input, state, workspace);
    if (!workspace.advanced(0)) {
      return "the model's result of this step is not finite";
    }
    System.arraycopy(state.data, 0, own, 0, own.length);
    return null;
  }

  /** The series' state, also where its first input is rejected: the next one starts from it. */
  private float[] state(String series, float @Nullable [] initial) {
    float[] own = states.get(series);
    if (own == null) {
      own = new float[state.numCols];
      if (initial == null) {
        model.initialState(own, 0);
      } else {
        System.arraycopy(initial, 0, own, 0, own.length);
      }
      states.put(series, own);
    }
    return own;
  }

  /** The last step's output. (outputs) */
  float[] output() {
    return Arrays.copyOf(workspace.output().data, model.outputSize());
  }
}
