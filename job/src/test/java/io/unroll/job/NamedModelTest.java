package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.life.SequenceConfig;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.model.GoldenCase;
import io.unroll.model.onnx.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline file that names its model's output, its states and a window. */
final class NamedModelTest {
  private static final String STATES = "h_in: h_out, c_in: c_out, g_in: g_out";

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.write(
        folder.resolve("step.onnx"),
        GoldenCase.bytes("golden/14-one-step-graph-named-states/model.onnx"));
    Files.writeString(folder.resolve("in.csv"), "s,t,a,b,c\n");
  }

  private PipelineJob load(String model, String sequence) throws Exception {
    return PipelineJob.load(
        Files.writeString(
            folder.resolve("p.yaml"),
            """
            version: 1
            name: named
            source: {file: {path: in.csv}, format: csv}
            observation: {series: s, timestamp: t, features: [a, b, c]}
            model:
              onnx: step.onnx
            %s
            %s
            sink: {predictions: {file: {path: out}}}
            """
                .formatted(model.indent(2).stripTrailing(), sequence)));
  }

  private String refusal(String model) {
    return String.valueOf(assertThrows(PipelineException.class, () -> load(model, "")).getMessage())
        .replace(folder + "/", "");
  }

  @Test
  void theNamesTravelWithTheModel() throws Exception {
    PipelineJob job = load("states: {" + STATES + "}\nfollow: y", "");
    assertEquals(2, job.model().outputSize());
    assertEquals(job.model().fingerprint(), job.sequences().model().read().fingerprint());
    assertNotEquals(
        job.model().fingerprint(), load("states: {" + STATES + "}", "").model().fingerprint());
    assertEquals(SequenceConfig.STATEFUL, job.sequences().window());
    assertEquals(job.model().stateLayout(), job.served().stateLayout());
  }

  @Test
  void theWindowIsServed() throws Exception {
    PipelineJob job = load("states: {" + STATES + "}", "sequence: {window: 30}");
    assertEquals(30, job.sequences().window());
    assertEquals(4 * (1 + 29 * 3), job.served().stateLayout().bytes());
    assertEquals(job.model().id(), job.served().id());
  }

  @Test
  void anUnknownOutputIsAMistakeOfItsLine() {
    assertEquals(
        "p.yaml:8:3 model.follow: found a model that cannot be streamed: step: no output 'z' among"
            + " the graph's outputs y, h_out, c_out, g_out",
        refusal("states: {" + STATES + "}\nfollow: z"));
  }

  @Test
  void anUnknownStateIsAMistakeOfItsLine() {
    assertEquals(
        "p.yaml:7:3 model.states: found a model that cannot be streamed: step: state 'x_in': no such"
            + " input among the graph's x, h_in, c_in, g_in",
        refusal("states: {x_in: h_out}"));
    assertEquals(
        "p.yaml:7:3 model.states: found a model that cannot be streamed: step: state 'h_in: x_out': no"
            + " such output among the graph's y, h_out, c_out, g_out",
        refusal("states: {h_in: x_out}"));
  }

  @Test
  void anOldNameIsTheOnlyMistake() {
    assertEquals(
        "p.yaml:7:3 model.state: 'state' is now 'states'\n"
            + "p.yaml:8:3 model.output: 'output' is now 'follow'",
        refusal("state: {" + STATES + "}\noutput: y"));
  }

  @Test
  void withoutStatesTheModelIsRefused() {
    assertEquals(
        "p.yaml:6:3 model.onnx: found a model that cannot be streamed: step: no recurrent node. If"
            + " the graph is one step, name its states: states: {INPUT: OUTPUT}; its inputs are x,"
            + " h_in, c_in, g_in, its outputs y, h_out, c_out, g_out",
        refusal(""));
  }

  /** A row as a sequence of one step: its memory is the pipeline's wish, and not the graph's. */
  @Test
  void aModelThatKeepsNothingIsServedOnlyWhereThePipelineInsists() throws Exception {
    Files.write(folder.resolve("step.onnx"), GoldenCase.bytes("refused/single-step.onnx"));
    String refusal = refusal("");
    assertTrue(
        refusal.startsWith(
            "p.yaml:6:3 model.onnx: found a model that cannot be streamed: LSTM '/r/LSTM': runs for a"
                + " single step, along an axis that the graph makes of nothing"),
        refusal);
    assertTrue(refusal.endsWith("insist: stateful: true"), refusal);
    assertEquals(refusal, refusal("stateful: false"));
    PipelineJob job = load("stateful: true", "");
    assertEquals(2, job.served().outputSize());
    // The slots of the job read it as it was read here.
    assertEquals(job.model().fingerprint(), job.sequences().model().read().fingerprint());
    assertTrue(Inspection.of(job.file()).text().contains("as the pipeline insists"));
  }
}
