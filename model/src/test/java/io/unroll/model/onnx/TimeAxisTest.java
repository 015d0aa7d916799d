package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.body;
import static io.unroll.model.onnx.TestGraph.list;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer that runs along another axis than the stream's time is refused, or insisted on. */
final class TimeAxisTest {
  private static final String INSIST =
      ". If the stream's steps are meant all the same, insist: stateful: true";
  private static final String SINGLE =
      "runs for a single step, along an axis that the graph makes of nothing: it starts from the"
          + " same state at every step and keeps nothing from one to the next. Export it over an"
          + " axis of steps: (batch, time, features)"
          + INSIST;
  private static final String FORGOTTEN =
      ": every step of a series starts anew. Export with batch_first=True where the input is"
          + " (batch, time, features), or name the axes as the layer takes them"
          + INSIST;

  private static OnnxFile resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            TimeAxisTest.class.getResourceAsStream("/refused/" + name + ".onnx"))) {
      return new OnnxFile(name, in.readAllBytes(), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refused(String message, OnnxFile file) {
    assertEquals(message, assertThrows(OnnxException.class, file::read).getMessage());
  }

  /** x of these extents, brought to (time, batch, 3) by nodes, and an LSTM over it. */
  private static TestGraph lstm(String extents) {
    return weights(new TestGraph().input("x", extents));
  }

  private static TestGraph weights(TestGraph graph) {
    return graph
        .weights("W", 1, 16, 3)
        .weights("R", 1, 16, 4)
        .longs("zero", 0)
        .longs("one", 1)
        .longs("rows", -1, 1, 3);
  }

  private static TestGraph over(TestGraph graph, String value) {
    return graph.node("LSTM", "lstm_1", value + ",W,R", "y").output("y");
  }

  private static TestGraph turned(TestGraph graph, String value) {
    return over(graph.node("Transpose", "t", value, "turned", list("perm", 1, 0, 2)), "turned");
  }

  @Test
  void rowsAsSequencesOfOneStep() {
    refused("LSTM '/r/LSTM': " + SINGLE, resource("single-step"));
  }

  @Test
  void batchFirstForgotten() {
    refused(
        "LSTM '/r/LSTM': runs along the axis that the file names 'batch'" + FORGOTTEN,
        resource("batch-first-forgotten"));
  }

  @Test
  void stepsMadeOfNothingInOtherWays() {
    refused(
        "LSTM 'lstm_1': " + SINGLE,
        turned(lstm("batch,3").node("Reshape", "r", "x,rows", "steps"), "steps").file());
    refused(
        "LSTM 'lstm_1': " + SINGLE,
        over(lstm("batch,3").node("Unsqueeze", "u", "x,zero", "steps"), "steps").file());
    // Of a batch of one, which the file fixes.
    refused(
        "LSTM 'lstm_1': " + SINGLE,
        turned(lstm("1,3").node("Unsqueeze", "u", "x,one", "steps"), "steps").file());
  }

  @Test
  void aLoopOverOneStepThatTheGraphMade() {
    TestGraph cell =
        new TestGraph()
            .input("h_in", "batch,3")
            .input("xt", "batch,3")
            .node("Add", "sum", "h_in,xt", "h_out")
            .node("Tanh", "tanh", "h_out", "yt")
            .output("yt")
            .output("yt");
    TestGraph graph =
        lstm("batch,3")
            .node("Unsqueeze", "u", "x,zero", "steps")
            .node("Sub", "nothing", "x,x", "unused")
            .node("Shape", "shape", "x", "shape")
            .node("ConstantOfShape", "zeros", "shape", "h0")
            .node(
                "Scan",
                "scan_1",
                "h0,steps",
                "h,y",
                body("body", cell),
                attribute("num_scan_inputs", 1))
            .output("y");
    refused("Scan 'scan_1': " + SINGLE, graph.file());
    assertDoesNotThrow(() -> graph.file().stateful().read());
  }

  @Test
  void seriesAlongTheAxisThatTheFileNamesTime() {
    refused(
        "LSTM 'lstm_1': does not run along the axis that the file names 'seqLen'" + FORGOTTEN,
        over(lstm("b,seqLen,3"), "x").file());
    refused(
        "LSTM 'lstm_1': does not run along the axis that the file names 'time'" + FORGOTTEN,
        over(lstm("1,time,3"), "x").file());
  }

  /** Published cases of ONNX have it so; it is told, and no more. */
  @Test
  void fixedExtentsThatSuggestBatchFirst() throws OnnxException {
    String text = Inspection.of(over(lstm("1,12,3"), "x").file()).text();
    assertTrue(
        text.contains(
            "note        LSTM 'lstm_1' runs along the input's first axis, of 1 step; the 12 along"
                + " its second are series\n"),
        text);
  }

  /** The names of exporters, of people, and of nobody. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "time,batch,3",
        "seq_len,batch_size,3",
        "s0,s1,3",
        "unk__6,unk__7,3",
        "N,L,3",
        "L,N,3",
        "steps,1,3",
        "12,1,3",
        "1,1,3",
        "1,batch,3",
        ",,3",
        "time,,3",
        ",batch,3",
        "T,B,3",
        "batch_times_seq,b,3",
        "batch,batch_1,3",
        "1,12,3"
      })
  void otherAxesAreTheStreamsTime(String extents) throws OnnxException {
    assertEquals(8, over(lstm(extents), "x").file().read().stateLayout().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch,time,3", "batch_size,sequence_length,3", "s77,s27,3", "unk__6,unk__7,3", "1,12,3",
        "1,1,3", "batch,1,3", "4,1,3", "batch,batch_1,3", "Batch,Steps,3"
      })
  void batchFirstIsTheStreamsTime(String extents) throws OnnxException {
    assertEquals(8, turned(lstm(extents), "x").file().read().stateLayout().size());
  }

  @Test
  void aSequenceWithoutABatch() throws OnnxException {
    for (String extents : new String[] {"time,3", "n,3", "1,3", ",3"}) {
      TestGraph graph = lstm(extents).node("Unsqueeze", "u", "x,one", "steps");
      assertEquals(8, over(graph, "steps").file().read().stateLayout().size(), extents);
    }
    refused(
        "LSTM 'lstm_1': runs along the axis that the file names 'batch'" + FORGOTTEN,
        over(lstm("batch,3").node("Unsqueeze", "u", "x,one", "steps"), "steps").file());
  }

  /** An axis of 1 that the input has, lost and found again, as exporters of Dense layers do. */
  @Test
  void anAxisOfTheInputThatComesBack() throws OnnxException {
    TestGraph graph =
        lstm("batch,1,3")
            .longs("flat", -1, 3)
            .node("Reshape", "r1", "x,flat", "rows2")
            .node("Tanh", "t0", "rows2", "bounded")
            .node("Reshape", "r2", "bounded,rows", "steps");
    assertEquals(8, turned(graph, "steps").file().read().stateLayout().size());
  }

  /** A graph that is told its state and tells the next is a step by itself. */
  @Test
  void aStepThatIsToldItsState() throws OnnxException {
    TestGraph graph =
        lstm("batch,3")
            .input("h0", "1,batch,4")
            .input("c0", "1,batch,4")
            .node("Unsqueeze", "u", "x,zero", "steps")
            .node("LSTM", "lstm_1", "steps,W,R,,,h0,c0", "y,h,c")
            .output("y")
            .output("h")
            .output("c");
    assertEquals(8, graph.file().read().stateLayout().size());
  }

  @Test
  void whatIsInsistedOnIsSaid() throws OnnxException {
    OnnxFile single = resource("single-step");
    String text = Inspection.of(single.stateful()).text();
    assertTrue(
        text.contains(
            "note        LSTM '/r/LSTM' keeps its state from step to step of a series, as the"
                + " pipeline insists; the graph runs it for a single step, from the same state"
                + " every time\n"),
        text);
    assertTrue(
        Inspection.of(resource("batch-first-forgotten").stateful())
            .text()
            .contains(
                "note        LSTM '/r/LSTM' runs along the stream's steps, as the pipeline insists;"
                    + " the graph runs it along the axis that it names 'batch'\n"));
    // Where nothing speaks against it there is nothing to insist on.
    OnnxFile whole = over(lstm("time,batch,3"), "x").file();
    assertEquals(Inspection.of(whole).text(), Inspection.of(whole.stateful()).text());
    assertEquals(whole.fingerprint(), whole.stateful().fingerprint());
    assertEquals(
        single.stateful().read().fingerprint(), single.fingerprint(), "old state is still its own");
  }

  @Test
  void theChoiceSurvivesOthers() throws OnnxException {
    OnnxFile file = resource("single-step").stateful().withOutput("y").withStates(Map.of());
    assertEquals(2, file.read().outputSize());
  }
}
