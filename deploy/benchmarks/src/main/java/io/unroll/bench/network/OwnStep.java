package io.unroll.bench.network;

import io.unroll.bench.peer.Shape;
import io.unroll.bench.peer.Step;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import org.ejml.data.FMatrixRMaj;

/** A step as everybody takes it: through the model's door, checks of its result included. */
final class OwnStep implements Step {
  private final RecurrentModel model;
  private final FMatrixRMaj input; // (rows, inputs)
  private final FMatrixRMaj state; // (rows, state)
  private final Workspace workspace;

  OwnStep(Shape shape, String kernel) {
    model = Networks.model(shape.cell(), shape.neurons(), kernel);
    input =
        FMatrixRMaj.wrap(
            shape.rows(), shape.inputs(), Networks.inputs(shape.rows() * shape.inputs()));
    state = new FMatrixRMaj(shape.rows(), model.stateLayout().size());
    workspace = model.workspace(shape.rows());
    Warming.up(model, shape.rows());
  }

  @Override
  public void run() {
    model.step(input, state, workspace);
  }

  @Override
  public void close() {
    // Nothing to give back.
  }
}
