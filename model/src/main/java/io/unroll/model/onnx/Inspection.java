package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.RecurrentModel;
import io.unroll.model.StateLayout;
import io.unroll.model.StateNames;
import io.unroll.model.cell.Dense;
import io.unroll.model.cell.Layer;
import io.unroll.model.cell.Node;
import io.unroll.model.cell.ReadState;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.cell.WriteState;
import io.unroll.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What {@code inspect} prints of a file that can be read. */
public final class Inspection {
  private final RecurrentModel model;
  private final List<String> notes;
  private final String text;

  private Inspection(RecurrentModel model, List<String> notes, String text) {
    this.model = model;
    this.notes = notes;
    this.text = text;
  }

  /**
   * Reads the file.
   *
   * @throws OnnxException the refusal, whose message is what {@code inspect} prints instead
   */
  public static Inspection of(OnnxFile file) throws OnnxException {
    Reader reader = file.reader(Kernels.best());
    RecurrentModel model = reader.read();
    return new Inspection(
        model,
        reader.notes(),
        describe(file, OnnxFile.parse(file.name(), file.model()), model, reader.notes()));
  }

  /** The network, as the file gives it. */
  public RecurrentModel model() {
    return model;
  }

  /**
   * What the text's notes say of layers: what is served where a person insists that a layer runs
   * along the stream.
   */
  public List<String> notes() {
    return notes.stream().map(OnnxException::shown).toList();
  }

  /** Layers, shapes, parameters and bytes of state per series; lines end with a newline. */
  public String text() {
    return text;
  }

  /** The same, and the bytes of state of that many series. */
  public String text(long series) {
    if (series < 0) {
      throw new IllegalArgumentException("series: found " + series + ", expected 0 or more");
    }
    long bytes = Math.multiplyExact(series, model.stateLayout().bytes());
    return text + "series      %s: %s of state".formatted(grouped(series), bytes(bytes)) + '\n';
  }

  private static String describe(
      OnnxFile given, ModelProto file, RecurrentModel model, List<String> notes) {
    StringBuilder out = new StringBuilder();
    line(out, "model", model.id());
    if (!model.version().isEmpty()) {
      line(out, "version", model.version());
    }
    String producer = Reader.producer(file);
    line(
        out,
        "producer",
        (producer.isEmpty() ? "not named" : producer) + ", operator set " + Reader.opset(file));
    line(out, "input", values(model.inputSize()) + " per step" + named(model.featureNames()));
    line(out, "output", values(model.outputSize()) + " per step" + named(model.outputNames()));
    line(
        out,
        "kind",
        model.everyStep()
            ? "every step (sequence-to-sequence)"
            : "last step (sequence-to-vector): a step's output is the vector as if the sequence ended there");
    outputs(out, given, file.getGraph());
    states(out, given);
    notes.forEach(note -> line(out, "note", note));
    notes(out, file.getGraph());
    long parameters = 0;
    Map<String, Integer> others = new TreeMap<>();
    List<String> layers = new ArrayList<>();
    for (Node node : model.graph().nodes()) {
      Layer layer = node.layer();
      parameters += layer.parameters();
      if (node instanceof RecurrentCell || node instanceof Dense) {
        layers.add(describe(layer));
      } else if (!(node instanceof ReadState) && !(node instanceof WriteState)) {
        others.merge(layer.kind(), 1, Integer::sum);
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      line(out, i == 0 ? "layers" : "", layers.get(i));
    }
    if (!others.isEmpty()) {
      line(
          out,
          "also",
          others.entrySet().stream()
              .map(e -> e.getKey() + (e.getValue() > 1 ? " x" + e.getValue() : ""))
              .collect(Collectors.joining(", ")));
    }
    line(out, "parameters", grouped(parameters));
    StateLayout layout = model.stateLayout();
    for (int i = 0; i < layout.slots().size(); i++) {
      StateLayout.Slot slot = layout.slots().get(i);
      line(
          out,
          i == 0 ? "state" : "",
          slot.name()
              + ": "
              + slot.length()
              + " floats at "
              + slot.offset()
              + linked(", starts from ", model.stateNames().starts(), slot)
              + linked(", ends as ", model.stateNames().ends(), slot));
    }
    line(out, "", grouped(layout.bytes()) + " bytes per series");
    return out.toString();
  }

  /** The graph's own names for a slot, which is part of them where they have more than one. */
  private static String linked(
      String how, Map<String, List<StateNames.Part>> named, StateLayout.Slot slot) {
    String names =
        named.entrySet().stream()
            .filter(e -> e.getValue().stream().anyMatch(part -> part.slot().equals(slot)))
            .map(e -> (e.getValue().size() > 1 ? "part of " : "") + e.getKey())
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : how + names;
  }

  private static void states(StringBuilder out, OnnxFile file) {
    if (!file.states().isEmpty()) {
      line(
          out,
          "steps",
          "the graph is one step; its next states are "
              + file.states().entrySet().stream()
                  .map(state -> state.getKey() + " = " + state.getValue())
                  .collect(Collectors.joining(", ")));
    }
  }

  /** What the file holds otherwise than it is computed. */
  private static void notes(StringBuilder out, GraphProto graph) {
    TreeSet<String> converted = new TreeSet<>();
    OnnxFile.eachTensor(
        graph,
        tensor -> {
          int type = tensor.getDataType();
          if (Tensors.isFloat(type) && type != TensorProto.DataType.FLOAT_VALUE) {
            converted.add(Tensors.typeName(type));
          }
        });
    if (!converted.isEmpty()) {
      line(
          out,
          "note",
          "weights of type " + String.join(" and ", converted) + " are computed with as FLOAT");
    }
  }

  private static void outputs(StringBuilder out, OnnxFile file, GraphProto graph) {
    if (graph.getOutputCount() > 1) {
      line(
          out,
          "read",
          (file.output() == null ? "the first" : "'" + file.output() + "'")
              + " of the graph's outputs "
              + graph.getOutputList().stream()
                  .map(ValueInfoProto::getName)
                  .collect(Collectors.joining(", ")));
    }
  }

  private static String describe(Layer layer) {
    String activation = layer.activation().isEmpty() ? "" : ", " + layer.activation();
    return "%s '%s' %d -> %d%s, %s parameters"
        .formatted(
            layer.kind(),
            layer.name(),
            layer.inputs(),
            layer.outputs(),
            activation,
            grouped(layer.parameters()));
  }

  private static void line(StringBuilder out, String what, String text) {
    out.append("%-12s%s".formatted(what, OnnxException.shown(text))).append('\n');
  }

  private static String values(int n) {
    return n == 1 ? "1 value" : n + " values";
  }

  private static String named(List<String> names) {
    return names.isEmpty() ? "" : ": " + String.join(", ", names);
  }

  private static String grouped(long n) {
    return String.format(Locale.ROOT, "%,d", n).replace(',', ' ');
  }

  private static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    double value = bytes;
    String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = -1;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%s bytes (%.1f %s)", grouped(bytes), value, units[unit]);
  }
}
