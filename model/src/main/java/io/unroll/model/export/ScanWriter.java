package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import io.unroll.model.cell.Node;
import io.unroll.model.cell.ReadState;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.cell.WriteState;
import io.unroll.model.kernel.CellWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A step whose state is read and written by nodes of its own (a custom cell, a one-step graph) as
 * the body of a Scan over the steps: what it carries is the state, a slot each. Inside, rows are
 * (batch, width); a recurrent node runs over one step.
 */
final class ScanWriter {
  private static final String NAME = "steps";

  private final OnnxWriter writer;
  private final Sheet outer;
  private final Sheet body;
  private final Sizes sizes; // of the outer graph
  private final float[] initialState;
  private final List<Slot> slots = new ArrayList<>();
  private final Map<Integer, String> next = new HashMap<>(); // by the slot's offset

  /**
   * A slot of the state.
   *
   * @param name the body's input
   * @param at offset in the state
   */
  private record Slot(String name, int at, int width) {}

  ScanWriter(OnnxWriter writer, Sheet outer, Sizes sizes, float[] initialState) {
    this.writer = writer;
    this.outer = outer;
    this.sizes = sizes;
    this.initialState = initialState;
    body = outer.inner("step");
  }

  /** Whether a network has to be written so. */
  static boolean needed(StepGraph graph) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                node instanceof ReadState
                    || (node instanceof RecurrentCell cell && !cell.state().kept()));
  }

  /**
   * Adds the Scan.
   *
   * @param x (steps, batch, features)
   * @return the output of every step: (steps, batch, outputs)
   */
  String write(StepGraph graph, String x) {
    String step = body.value("x_t");
    writer.put(StepGraph.INPUT, step);
    NodeWriter nodes = new NodeWriter(writer, body, new Sizes(body, step, 0));
    for (Node node : graph.nodes()) {
      if (node instanceof ReadState read) {
        writer.put(read.output(), slot(read.layer().name(), read.slot(), read.width()));
      } else if (node instanceof WriteState write) {
        next.put(write.state().slot(), writer.rows(write.input()));
      } else if (node instanceof RecurrentCell cell) {
        cell(cell);
      } else {
        nodes.write(node);
      }
    }
    slots.sort(Comparator.comparingInt(Slot::at)); // the state's own order
    String result = body.node("Identity", "y_t", List.of(writer.rows(graph.output())));

    GraphProto.Builder inside = body.graph();
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (Slot slot : slots) {
      String value = next.get(slot.at());
      if (value == null) {
        throw new IllegalArgumentException("state '" + slot.name() + "' has no next value");
      }
      // An output of its own, whatever else the value is.
      String carried = body.node("Identity", slot.name() + ".next", List.of(value));
      inside.addInput(Sheet.info(slot.name(), "batch", slot.width()));
      inside.addOutput(Sheet.info(carried, "batch", slot.width()));
      inputs.add(start(slot));
      outputs.add(outer.value(slot.name() + ".last"));
    }
    inside.addInput(Sheet.info(step, "batch", graph.inputSize()));
    inside.addOutput(Sheet.info(result, "batch", graph.outputSize()));
    inputs.add(x);
    String everyStep = outer.value(NAME + ".y");
    outputs.add(everyStep);
    outer.node(
        "Scan",
        NAME,
        inputs,
        outputs,
        Sheet.attribute("num_scan_inputs", 1),
        Sheet.attribute("body", inside.build()));
    return everyStep;
  }

  private String slot(String name, int at, int width) {
    String value = body.value(name);
    slots.add(new Slot(value, at, width));
    return value;
  }

  /** What a sequence starts from, for each series. */
  private String start(Slot slot) {
    float[] state = Arrays.copyOfRange(initialState, slot.at(), slot.at() + slot.width());
    String row = outer.floats(slot.name() + ".initial", state, 1, slot.width());
    return outer.node(
        "Expand", slot.name() + ".start", List.of(row, sizes.of(false, slot.width())));
  }

  // ---- recurrent nodes over one step ----

  private void cell(RecurrentCell cell) {
    CellWeights weights = cell.weights();
    String name = weights.name();
    int n = weights.neurons();
    List<String> states = cell.form().states();
    String x = step(name + ".x", writer.rows(cell.input()));
    List<String> before = new ArrayList<>();
    List<String> outputs = new ArrayList<>(List.of("")); // Y, all steps, is not wanted
    for (int i = 0; i < states.size(); i++) {
      String state = state(cell, name + "." + states.get(i), i * n, n);
      before.add(step(name + ".initial_" + states.get(i), state));
    }
    for (String state : states) {
      outputs.add(body.value(name + ".Y_" + state)); // (1, batch, neurons)
    }
    CellNode.add(body, cell, x, before, outputs);
    for (int i = 0; i < states.size(); i++) {
      String row = row(name + "." + states.get(i), outputs.get(1 + i));
      writer.put(cell.next(i), row);
      keep(cell, i * n, row);
    }
  }

  /** Part of the previous state: a slot, or part of a register. */
  private String state(RecurrentCell cell, String name, int at, int n) {
    if (cell.state().kept()) {
      return slot(name, cell.state().offset() + at, n);
    }
    int register = cell.state().previous();
    String given = writer.rows(register);
    if (writer.width(register) == n) {
      return given;
    }
    long[] part = new long[n];
    Arrays.setAll(part, i -> at + i);
    return body.node(
        "Gather", name + ".given", List.of(given, body.longs(part)), Sheet.attribute("axis", -1));
  }

  private void keep(RecurrentCell cell, int at, String value) {
    if (cell.state().kept()) {
      next.put(cell.state().offset() + at, value);
    }
  }

  private String step(String name, String row) {
    return body.node("Unsqueeze", name, List.of(row, body.longs(0)));
  }

  private String row(String name, String step) {
    return body.node("Squeeze", name + ".row", List.of(step, body.longs(0)));
  }
}
