package io.unroll.model.onnx;

import io.unroll.model.cell.StepGraph;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the reader has found out so far while it walks the graph. */
final class Trace {
  private static final int UNKNOWN = -1;

  private final StepGraph.Builder graph;
  private final int opset;
  private final String producer;
  private final Set<Integer> openExtents;
  private final Tensors tensors;
  private final List<String> slotNames = new ArrayList<>();
  private final List<float[]> initialStates = new ArrayList<>();
  private int time = UNKNOWN;
  private int batch = UNKNOWN;

  /**
   * @param producer name and version of what wrote the file, as it says
   * @param openExtents placeholders of the extents that the file leaves open
   */
  Trace(
      StepGraph.Builder graph,
      int opset,
      String producer,
      Set<Integer> openExtents,
      Tensors tensors) {
    this.graph = graph;
    this.opset = opset;
    this.producer = producer;
    this.openExtents = openExtents;
    this.tensors = tensors;
  }

  /** The same file's, for nodes of another graph: one that folds constants. */
  Trace on(StepGraph.Builder other) {
    return new Trace(other, opset, producer, openExtents, tensors);
  }

  StepGraph.Builder graph() {
    return graph;
  }

  int opset() {
    return opset;
  }

  String producer() {
    return producer;
  }

  /** Reads tensors that stand in attributes. */
  Tensors tensors() {
    return tensors;
  }

  boolean isOpen(Outer outer) {
    return openExtents.contains(outer.size());
  }

  /** A recurrent node steps along these axes: from here on they are time and batch. */
  void recurrentOver(Axis timeAxis, Axis batchAxis) {
    time = role("steps", timeAxis, time, batch);
    batch = role("series", batchAxis, batch, time);
  }

  private static int role(String what, Axis axis, int known, int other) {
    if (axis.factors().isEmpty()) {
      return known; // an extent of 1: nothing to tell it by
    }
    if (!axis.isOuter()) {
      throw new Refusal(
          "its axis of "
              + what
              + " is "
              + (axis.isFeature()
                  ? "a fixed axis of " + axis.size() + " features"
                  : "a merged axis")
              + "; expected the input's own, as in (batch, steps, features)");
    }
    int id = axis.outer().id();
    if (id == other || (known != UNKNOWN && known != id)) {
      throw new Refusal("its axis of " + what + " is not that of the recurrent nodes before it");
    }
    return id;
  }

  boolean isTime(Outer outer) {
    return outer.id() == time;
  }

  /** How messages call an axis outside the row. */
  String nameOf(Outer outer) {
    return outer.id() == time ? "steps" : outer.id() == batch ? "series" : "steps or series";
  }

  void slot(String name, float[] initial) {
    slotNames.add(name);
    initialStates.add(initial);
  }

  List<String> slotNames() {
    return slotNames;
  }

  List<float[]> initialStates() {
    return initialStates;
  }
}
