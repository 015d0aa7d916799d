package io.unroll.model.unroll;

import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A network over one step that runs on its own output, from one vector or state to a sequence whose
 * length it may choose itself. Thread safe.
 */
public final class Decoder {
  private final RecurrentModel model;
  private final Feedback feedback;

  /**
   * @throws IllegalArgumentException when the rules do not fit the network
   */
  public Decoder(RecurrentModel decoder, DecoderRules rules) {
    model = decoder;
    feedback = new Feedback(rules, decoder);
  }

  /** As {@link #run(float[], float[], IntFunction)} of rules without extra inputs. */
  public Decoded run(float @Nullable [] state, float @Nullable [] vector) {
    return run(state, vector, step -> new float[0]);
  }

  /**
   * One sequence.
   *
   * @param state (state size) what it starts from, as a {@link StateBridge} writes it, not
   *     modified; null: the network's own initial state
   * @param vector (fed inputs) the first step's, where the rules begin with an input, else null
   * @param extra the extra inputs of a step, by its index from 0
   * @throws IllegalArgumentException when a dimension does not fit or a step is not finite
   */
  public Decoded run(
      float @Nullable [] state, float @Nullable [] vector, IntFunction<float[]> extra) {
    DecoderRules rules = feedback.rules();
    FMatrixRMaj x = new FMatrixRMaj(1, model.inputSize());
    FMatrixRMaj h = new FMatrixRMaj(1, model.stateLayout().size());
    if (state == null) {
      model.initialState(h.data, 0);
    } else {
      expect("state", state.length, h.numCols);
      System.arraycopy(state, 0, h.data, 0, h.numCols);
    }
    Workspace workspace = model.workspace(1);
    List<float[]> outputs = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    boolean stopped = false;
    feedback.first(vector, x.data, 0);
    while (!stopped && outputs.size() < rules.steps()) {
      int step = outputs.size();
      float[] given = extra.apply(step);
      if (given.length != rules.extra()) {
        expect("extra inputs of step " + step, given.length, rules.extra());
      }
      System.arraycopy(given, 0, x.data, feedback.fed(), given.length);
      model.step(x, h, workspace);
      if (!workspace.advanced(0)) {
        throw new IllegalArgumentException(
            "decoder '%s', step %d: found an output or a next state that is not finite, expected finite numbers"
                .formatted(model.name(), step));
      }
      float[] output = workspace.output().data;
      outputs.add(Arrays.copyOf(output, model.outputSize()));
      int token = feedback.token(output, 0);
      if (token != Feedback.NO_TOKEN) {
        tokens.add(token);
      }
      stopped = feedback.stops(output, 0);
      feedback.next(output, 0, x.data, 0);
    }
    return new Decoded(
        outputs.toArray(float[][]::new),
        tokens.stream().mapToInt(Integer::intValue).toArray(),
        stopped);
  }

  private void expect(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "decoder '%s': %s: found %d, expected %d".formatted(model.name(), what, found, expected));
    }
  }
}
