package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.format.OutputFields;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.Problem;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline file that names a decoder, held against the networks. */
final class DecoderPipelineTest {
  private static final String TOKENS =
      "decoder: {onnx: dec.onnx, first: {token: 0}, next: argmax, steps: 20, stop: {token: 1}}";
  private static final String FORECAST =
      "decoder: {onnx: two.onnx, first: {last: [b, x.a]}, steps: 4, every: 1 h, features: [{clock:"
          + " day-of-year, zone: Europe/Berlin}]}";

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.write(
        folder.resolve("enc.onnx"), GoldenCase.bytes("golden/08-encoder-decoder-eos/encoder.onnx"));
    Files.write(
        folder.resolve("dec.onnx"), GoldenCase.bytes("golden/08-encoder-decoder-eos/decoder.onnx"));
    Files.write(
        folder.resolve("vec.onnx"), GoldenCase.bytes("golden/09-vector-to-sequence/model.onnx"));
    // Three inputs; a state of three, as many as the outputs.
    Files.write(folder.resolve("three.onnx"), rnn(3, 3, "a", "b", "c").onnx());
    // Two outputs to be fed, and two inputs of the calendar.
    Files.write(folder.resolve("two.onnx"), rnn(4, 2, "up", "down").onnx());
    Files.writeString(folder.resolve("in.csv"), "s,t,a,b,c,d,e,f\n");
  }

  private static RecurrentModel rnn(int inputs, int outputs, String... names) {
    return RecurrentModel.builder()
        .inputs(inputs)
        .rnn(
            new CellWeights(
                "rnn", inputs, 3, new float[3 * inputs], new float[9], new float[3], new float[3]))
        .dense("head", new float[3 * outputs], new float[outputs])
        .outputs(names)
        .build();
  }

  private PipelineJob load(String features, String model, String rest) throws Exception {
    return PipelineJob.load(
        Files.writeString(
            folder.resolve("p.yaml"),
            """
            version: 1
            name: decoded
            source: {file: {path: in.csv}, format: csv}
            observation: {series: s, timestamp: t, features: [%s]}
            model:
            %s
            %s
            sink: {predictions: {file: {path: out}}}
            """
                .formatted(features, model.indent(2).stripTrailing(), rest)));
  }

  private PipelineJob tokens(String model, String rest) throws Exception {
    return load("a, b, c, d, e, f", "encoder: enc.onnx\n" + model, rest);
  }

  private String refusal(String features, String model, String rest) {
    return String.valueOf(
            assertThrows(PipelineException.class, () -> load(features, model, rest)).getMessage())
        .replace(folder + "/", "");
  }

  private String tokenRefusal(String model) {
    return refusal("a, b, c, d, e, f", "encoder: enc.onnx\n" + model, "");
  }

  @Test
  void everyRuleReachesTheOperator() throws Exception {
    PipelineJob job = tokens(TOKENS.replace("first", "states: {h0: h}, first"), "emit: {on: end}");
    Decoding decoding = job.sequences().decoding();
    assertEquals(
        Decoding.of(
                job.decoding().decoder(),
                new DecoderRules(new First.Token(0), Next.ARGMAX, 20, new Stop.Token(1), 0))
            .rules(),
        decoding.rules());
    assertEquals(Map.of("h0", "h"), decoding.states());
    assertEquals(Decoding.UNTIMED, decoding.everyMillis());
    assertEquals(job.decoder().fingerprint(), decoding.decoder().read().fingerprint());
    assertEquals(6, job.model().inputSize());
    assertEquals(OutputFields.tokens().withDecoder(), job.outputFields());

    PipelineJob same = load("a, b, c, d, e, f", "onnx: enc.onnx\n" + TOKENS, "emit: {on: end}");
    assertEquals(job.model().fingerprint(), same.model().fingerprint());
    assertEquals(Map.of(), same.decoding().states());
  }

  @Test
  void aForecastBeginsWithFeaturesAndHasTimes() throws Exception {
    PipelineJob job = load("x.a, b, /2", "encoder: three.onnx\n" + FORECAST, "emit: {every: 24}");
    assertEquals(
        new Decoding(
            job.decoding().decoder(),
            false,
            new DecoderRules(new First.Input(), Next.OUTPUT, 4, null, 2),
            Map.of(),
            List.of(1, 0),
            3_600_000,
            List.of(new Calendar(Calendar.Cycle.DAY_OF_YEAR, ZoneId.of("Europe/Berlin")))),
        job.decoding());
    assertEquals(List.of("up", "down"), job.outputNames(), "the decoder's own");
    assertEquals(OutputFields.named(List.of("up", "down")).withDecoder(), job.outputFields());
    assertEquals(24, job.sequences().output().emission().every());
  }

  @Test
  void anOutputStopsByItsName() throws Exception {
    String stop = FORECAST.replace("steps: 4", "steps: 4, stop: {output: down, above: -0.5}");
    assertEquals(
        new Stop.Above(1, -0.5f),
        load("x.a, b, /2", "encoder: three.onnx\n" + stop, "").decoding().rules().stop());
    assertEquals(
        new Stop.Above(1, -0.5f),
        load("x.a, b, /2", "encoder: three.onnx\n" + stop + "\noutputs: [w, down]", "")
            .decoding()
            .rules()
            .stop());
    assertEquals(
        "p.yaml:7:71 model.decoder.stop.output: found 'down', expected an output of decoder 'two',"
            + " one of u, v",
        refusal("x.a, b, /2", "encoder: three.onnx\n" + stop + "\noutputs: [u, v]", ""));
  }

  @Test
  void withoutAnEncoderEachObservationIsASequence() throws Exception {
    PipelineJob job =
        load("a, b, c, d", "decoder: {onnx: vec.onnx, first: input, next: zeros, steps: 7}", "");
    assertEquals(
        Decoding.alone(job.file(), new DecoderRules(new First.Input(), Next.ZEROS, 7)),
        job.sequences().decoding());
    assertSame(job.model(), job.decoder());
    assertEquals(List.of(), job.pipeline().warnings());
    assertEquals(
        "p.yaml:4:40 observation.features: found 3 features, expected 4, which model vec takes",
        refusal("a, b, c", "decoder: {onnx: vec.onnx, first: input, next: zeros, steps: 7}", ""));
    assertEquals(
        "p.yaml:6:13 model.decoder.onnx: found a model that cannot be streamed: in.csv: not an ONNX"
            + " model",
        refusal("a, b", "decoder: {onnx: in.csv, first: input, next: zeros, steps: 7}", "")
            .replaceFirst("(?s)(not an ONNX model).*", "$1"));
  }

  /** Alone, the graph over one step that the file names its states of is the decoder's. */
  @Test
  void aDecoderAloneMayHaveNamedStates() throws Exception {
    Files.write(
        folder.resolve("step.onnx"),
        GoldenCase.bytes("golden/14-one-step-graph-named-states/model.onnx"));
    PipelineJob job =
        load(
            "a, b, c",
            """
            decoder: {onnx: step.onnx, first: input, next: zeros, steps: 3}
            states: {h_in: h_out, c_in: c_out, g_in: g_out}
            follow: "y"
            """,
            "");
    assertEquals(job.model().fingerprint(), job.decoding().decoder().read().fingerprint());
    assertEquals(2, job.outputNames().size());
  }

  @Test
  void whatChangesNothingIsAWarning() throws Exception {
    PipelineJob job =
        load(
            "a",
            "decoder: {onnx: vec.onnx, first: zeros, next: zeros, steps: 7}",
            "emit: {on: end}");
    assertEquals(
        List.of(
            "p.yaml:6:29 model.decoder.first: found none of the observation's features, expected input:"
                + " each observation gives the same",
            "p.yaml:7:8 emit.on: changes nothing beside a decoder without an encoder: each observation"
                + " is a sequence of its own, decoded when it comes"),
        job.pipeline().warnings().stream()
            .map(Problem::toString)
            .map(warning -> warning.replace(folder + "/", ""))
            .toList());
  }

  @Test
  void labelsAreOfOutputsOrTokens() throws Exception {
    String labels = "\noutputs: {labels: [go, end, A, B, C, D, E, F]}";
    List<String> names = List.of("go", "end", "A", "B", "C", "D", "E", "F");
    assertEquals(
        OutputFields.tokens(names).withDecoder(), tokens(TOKENS + labels, "").outputFields());
    assertEquals(
        OutputFields.labels(List.of("u", "v", "w")),
        load("a, b, c", "onnx: three.onnx\noutputs: {labels: [u, v, w]}", "").outputFields());
    assertEquals(
        "p.yaml:8:13 model.outputs.labels: found 7 labels, expected 8, which model dec gives",
        tokenRefusal(TOKENS + labels.replace(", F]", "]")));
    assertEquals(
        "p.yaml:7:22 model.outputs.labels[0]: found 'b', expected 'a', which model three gives there:"
            + " a, b, c\np.yaml:7:25 model.outputs.labels[1]: found 'a', expected 'b', which model"
            + " three gives there: a, b, c",
        refusal("a, b, c", "onnx: three.onnx\noutputs: {labels: [b, a, c]}", ""));
  }

  @Test
  void minStepsCountForWhatIsDecoded() throws Exception {
    PipelineJob job =
        tokens(TOKENS, "sequence: {idle-timeout: 1 d, min-steps: 2}\nemit: {on: end}");
    assertEquals(2, job.sequences().boundaries().minSteps());
    assertEquals(Emission.AT_END, job.sequences().output().emission());
    assertEquals(SequenceConfig.STATEFUL, job.sequences().window());
  }

  @Test
  void everythingThatDoesNotFitIsSaidAtOnce() {
    assertEquals(
        """
        p.yaml:4:40 observation.features: found 2 features, expected 6, which model enc takes
        p.yaml:7:40 model.decoder.first: found 2 features, expected 1, which decoder 'dec' is fed:\
         {last: [feature, ...]} chooses
        p.yaml:7:54 model.decoder.next: decoder 'dec': next OUTPUT: found 1 fed inputs, expected 8,\
         one per output
        p.yaml:7:68 model.decoder.states: decoder state: found 'h1', expected one of /rnn/GRU.h, h0
        p.yaml:7:92 model.decoder.stop.output: found 'z', expected an output of decoder 'dec', one of\
         y0, y1, y2, y3, y4, y5, y6, y7"""
            .lines()
            .toList(),
        refusal(
                "a, b",
                "encoder: enc.onnx\n"
                    + "decoder: {onnx: dec.onnx, steps: 20, first: input, next: output, states: {h1: h},"
                    + " stop: {output: z, above: 1}}",
                "")
            .lines()
            .toList());
  }

  @Test
  void statesAndTokensAreHeldAgainstTheNetworks() {
    assertEquals(
        "p.yaml:7:80 model.decoder.stop.token: decoder 'dec': stop token: found 8, expected 0 to 7, its"
            + " outputs\np.yaml:7:91 model.decoder.states: source of decoder state 'h0', encoder state or"
            + " output: found 'y', expected one of /rnn/GRU.h, h",
        tokenRefusal(TOKENS.replace("stop: {token: 1}", "stop: {token: 8}, states: {h0: y}")));
    assertEquals(
        """
        p.yaml:7:3 model.decoder.next: decoder 'vec': next OUTPUT: found 4 fed inputs, expected 2, one\
         per output
        p.yaml:7:3 model.decoder.states: states of decoder 'vec': found '/rnn/LSTM.h' (12 floats),\
         '/rnn/LSTM.c' (12 floats), expected those of encoder 'three' in their order, 'rnn.h' (3\
         floats); name the source of each
        p.yaml:7:39 model.decoder.first: decoder 'vec': first token: found 4 fed inputs, expected 1\
         (its index) or 2 (one-hot, one per output)""",
        refusal(
            "a, b, c",
            "encoder: three.onnx\ndecoder: {onnx: vec.onnx, steps: 3, first: {token: 3}}",
            ""));
    assertEquals(
        "p.yaml:7:51 model.decoder.features: decoder 'two': extra inputs: found 6, expected 0 to 4, its"
            + " inputs",
        refusal(
            "a, b, c",
            "encoder: three.onnx\ndecoder: {onnx: two.onnx, steps: 3, every: 1 h, features: [{clock:"
                + " hour-of-day, zone: UTC}, {clock: day-of-week, zone: UTC}, {clock: day-of-year,"
                + " zone: UTC}]}",
            ""));
  }

  @Test
  void aWindowsStateIsNoDecoders() throws Exception {
    assertEquals(
        5,
        tokens(TOKENS, "sequence: {window: 5}").sequences().window(),
        "it starts from the output");
    assertEquals(
        "p.yaml:7:29 model.decoder.states: source of decoder state 'h0', encoder state or output: found"
            + " '/rnn/GRU.h', expected one of window.filled, window.inputs, h",
        refusal(
            "a, b, c, d, e, f",
            "encoder: enc.onnx\n" + TOKENS.replace("first", "states: {h0: /rnn/GRU.h}, first"),
            "sequence: {window: 5}"));
  }

  @Test
  void bothNetworksAreRefusedTogether() {
    assertEquals(
        List.of(
            "p.yaml:6:3 model.encoder: found a model that cannot be streamed",
            "p.yaml:7:13 model.decoder.onnx: found a model that cannot be streamed"),
        refusal("a", "encoder: in.csv\ndecoder: {onnx: in.csv, steps: 3}", "")
            .lines()
            .map(line -> line.replaceFirst("(streamed).*", "$1"))
            .toList());
  }
}
