package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.unroll.model.cell.Node;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.cell.StepGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a network over one step as an ONNX graph over whole sequences: input {@code x} (batch,
 * time, features), output {@code y} (batch, time, outputs), or (batch, outputs) of the last step.
 *
 * <pre>
 * x -> Transpose -> (time, batch, features) -> cells and nodes -> Transpose -> y
 *                                                              -> Gather the last step -> nodes -> y
 * </pre>
 *
 * Inside, time comes first, since ONNX Runtime knows no other layout of recurrent nodes. Of a
 * network that gives one vector per sequence, what follows the last cell runs on the last step
 * alone. A step that reads and writes its state by nodes of its own becomes the body of a Scan.
 * Equal networks have equal bytes.
 */
public final class OnnxWriter {
  /** The operator set that every node of the file is meant by. */
  static final int OPSET = 20;

  private static final int IR_VERSION = 9; // the oldest that goes with the operator set
  private static final String PRODUCER = "io.unroll";
  private static final String INPUT = "x";

  /** The graph output of a written model. */
  public static final String OUTPUT = "y";

  private final StepGraph graph;
  private final Sheet sheet;
  private final Map<Integer, String> everyStep = new HashMap<>();
  private final Map<Integer, String> lastStep = new HashMap<>();
  private final Map<Integer, CellWriter.Memory> memories = new HashMap<>();
  private final Sizes sizes;
  private boolean whole = true; // nodes run over every step; false behind the last cell

  OnnxWriter(String name, StepGraph graph) {
    this.graph = graph;
    sheet = new Sheet(name, INPUT, OUTPUT);
    String turned =
        sheet.node(
            "Transpose",
            "time_major",
            List.of(INPUT),
            Sheet.attribute("perm", new long[] {1, 0, 2}));
    everyStep.put(StepGraph.INPUT, turned);
    sizes = new Sizes(sheet, turned, 1);
  }

  /**
   * The file's bytes.
   *
   * @param name the graph's name
   * @param initialState (state size) what a sequence starts from
   * @param everyStep false: one vector per sequence, that of its last step
   * @param metadata in the order in which it is written
   * @throws IllegalArgumentException when the network cannot be written over whole sequences; says
   *     which node and why
   */
  public static byte[] write(
      String name,
      StepGraph graph,
      float[] initialState,
      boolean everyStep,
      Map<String, String> metadata) {
    OnnxWriter writer = new OnnxWriter(name, graph);
    if (ScanWriter.needed(graph)) {
      writer.scan(initialState);
    } else {
      writer.nodes(initialState, everyStep);
    }
    return writer.model(everyStep, metadata).toByteArray();
  }

  private void scan(float[] initialState) {
    String x = rows(StepGraph.INPUT);
    whole = false; // the body's rows are one step's
    String result = new ScanWriter(this, sheet, sizes, initialState).write(graph, x);
    lastStep.clear();
    everyStep.put(graph.output(), result);
  }

  private void nodes(float[] initialState, boolean toTheEnd) {
    NodeWriter nodes = nodes();
    CellWriter cells = new CellWriter(this, sheet, sizes, initialState);
    List<Node> steps = graph.nodes();
    int lastCell = -1;
    for (int i = 0; i < steps.size(); i++) {
      lastCell = steps.get(i) instanceof RecurrentCell ? i : lastCell;
    }
    for (int i = 0; i < steps.size(); i++) {
      whole = toTheEnd || i <= lastCell;
      if (steps.get(i) instanceof RecurrentCell cell) {
        cells.write(cell);
      } else {
        nodes.write(steps.get(i));
      }
    }
  }

  private ModelProto model(boolean toTheEnd, Map<String, String> metadata) {
    whole = toTheEnd;
    String result = rows(graph.output());
    if (toTheEnd) {
      sheet.node(
          "Transpose",
          "batch_major",
          List.of(result),
          List.of(OUTPUT),
          Sheet.attribute("perm", new long[] {1, 0, 2}));
    } else {
      sheet.node("Identity", "vector", List.of(result), List.of(OUTPUT));
    }
    int outputs = graph.outputSize();
    sheet
        .graph()
        .addInput(Sheet.info(INPUT, "batch", "time", graph.inputSize()))
        .addOutput(
            toTheEnd
                ? Sheet.info(OUTPUT, "batch", "time", outputs)
                : Sheet.info(OUTPUT, "batch", outputs));
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName(PRODUCER)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(sheet.graph());
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  /** Writes the nodes around the cells. */
  NodeWriter nodes() {
    return new NodeWriter(this, sheet, sizes);
  }

  // ---- registers as values of the file ----

  /** Whether the node that is being written runs over every step. */
  boolean whole() {
    return whole;
  }

  int width(int register) {
    return graph.width(register);
  }

  /**
   * The value that holds the register's rows for the node that is being written: (steps, batch,
   * width), or (batch, width) of one step.
   */
  String rows(int register) {
    String every = everyStep.get(register);
    if (whole) {
      if (every == null) {
        throw new IllegalArgumentException(
            memories.containsKey(register)
                ? memories.get(register).name()
                    + ": its cell state is read at every step; ONNX gives the last step's alone"
                : "register " + register + " is read before a node writes it");
      }
      return every;
    }
    String last = lastStep.get(register);
    if (last == null) {
      CellWriter.Memory memory = memories.get(register);
      last = memory != null ? memory.last(sheet) : sheet.lastStep(rowsOfEveryStep(register));
      lastStep.put(register, last);
    }
    return last;
  }

  private String rowsOfEveryStep(int register) {
    String every = everyStep.get(register);
    if (every == null) {
      throw new IllegalArgumentException(
          "register " + register + " is read before a node writes it");
    }
    return every;
  }

  /** The value that holds the register's rows from now on. */
  void put(int register, String value) {
    (whole ? everyStep : lastStep).put(register, value);
  }

  /** The register of a cell's c, which the file has at the last step only. */
  void put(int register, CellWriter.Memory memory) {
    memories.put(register, memory);
  }
}
