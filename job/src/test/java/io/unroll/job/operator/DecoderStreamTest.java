package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sequences that a decoder goes on with, and vectors that become sequences. */
final class DecoderStreamTest {
  private static final String DELAYED = "08-encoder-decoder-eos";
  private static final String VECTOR = "09-vector-to-sequence";
  private static final long IDLE = 1000;

  private static OnnxFile golden(String name, String file) {
    return new OnnxFile(file, GoldenCase.bytes("golden/" + name + "/" + file + ".onnx"), Map.of());
  }

  private static JsonNode golden(String name) throws Exception {
    return new ObjectMapper().readTree(GoldenCase.bytes("golden/" + name + "/case.json"));
  }

  private static List<Feature> features(int count) {
    return IntStream.range(0, count).mapToObj(i -> Feature.raw("x" + i)).toList();
  }

  private static SequenceConfig delayed() {
    DecoderRules rules =
        new DecoderRules(new First.Token(0), Next.ARGMAX, 20, new Stop.Token(1), 0);
    return SequenceConfig.of(golden(DELAYED, "encoder"), features(6))
        .with(Boundaries.NONE.withIdleTimeout(IDLE))
        .with(Emission.AT_END)
        .with(Decoding.of(golden(DELAYED, "decoder"), rules))
        .with(TestModels.config(TestModels.rnn(), IDLE, Boundaries.NO_LIMIT, Emit.END).tuning());
  }

  private static double[] doubles(JsonNode values) {
    double[] result = new double[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i).doubleValue();
    }
    return result;
  }

  /** How a sequence comes to its end. */
  private enum End {
    LAST_OBSERVATION,
    MARKER,
    IDLE,
    END_OF_INPUT
  }

  /** All sequences of the case, interleaved, each ended in another way: exactly its tokens. */
  @ParameterizedTest
  @OnBackends
  void goldenTokensComeWhereverTheSequenceEnds(Backend backend) throws Exception {
    JsonNode golden = golden(DELAYED);
    JsonNode input = golden.get("input");
    for (int shift = 0; shift < End.values().length; shift++) {
      try (SequenceHarness harness = SequenceHarness.open(backend, delayed())) {
        for (int step = 0; step < 20; step++) {
          for (int s = 0; s < input.size(); s++) {
            End end = List.of(End.values()).get((s + shift) % End.values().length);
            int length = input.get(s).size();
            if (step < length) {
              Observation o = Observation.of("s" + s, 5000 + step, doubles(input.get(s).get(step)));
              harness.observe(end == End.LAST_OBSERVATION && step == length - 1 ? o.andEnd() : o);
            } else if (step == length && end == End.MARKER) {
              harness.observe(Observation.endOf("s" + s, 5000 + step));
            }
          }
        }
        if (shift % 2 == 0) {
          harness.watermark(5000 + 20 + IDLE);
        }
        harness.endOfInput();
        for (int s = 0; s < input.size(); s++) {
          List<Integer> tokens = new ArrayList<>();
          for (Prediction p : harness.predictions()) {
            if (p.series.equals("s" + s)) {
              tokens.add(p.token);
              assertEquals(tokens.size(), p.ahead);
              assertEquals(Prediction.Kind.DECODED, p.kind);
              assertEquals(input.get(s).size() - 1, p.step);
              assertEquals(1, p.output.length, "the token's score");
            }
          }
          List<Integer> expected = new ArrayList<>();
          golden.get("tokens").get(s).forEach(token -> expected.add(token.intValue()));
          assertEquals(expected, tokens, "sequence " + s);
        }
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
        assertEquals(input.size(), harness.events().stream().filter(e -> e.reason != null).count());
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void goldenVectorsBecomeSequences(Backend backend) throws Exception {
    JsonNode golden = golden(VECTOR);
    OnnxFile model = golden(VECTOR, "model");
    int steps = golden.get("steps").intValue();
    SequenceConfig config =
        SequenceConfig.of(model, features(4))
            .with(Emission.AT_END)
            .with(
                Decoding.alone(model, new DecoderRules(new First.Input(), Next.ZEROS, steps))
                    .every(60_000))
            .with(
                TestModels.config(TestModels.rnn(), IDLE, Boundaries.NO_LIMIT, Emit.END).tuning());
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      JsonNode vectors = golden.get("vector");
      for (int s = 0; s < vectors.size(); s++) {
        harness.observe(Observation.of("A", 5000 + s, doubles(vectors.get(s))));
      }
      List<Prediction> predictions = harness.predictions();
      assertEquals(vectors.size() * steps, predictions.size());
      for (int i = 0; i < predictions.size(); i++) {
        Prediction p = predictions.get(i);
        JsonNode expected = golden.get("output").get(i / steps).get(i % steps);
        for (int k = 0; k < expected.size(); k++) {
          assertEquals(expected.get(k).doubleValue(), p.output[k], 1e-5);
        }
        assertEquals(i % steps + 1, p.ahead);
        assertEquals(p.timestamp + p.ahead * 60_000L, p.predicted);
        assertEquals("t/0@" + i / steps, p.input());
      }
      assertEquals(
          List.of(
              "opened A/5000 @5000 t/0@0",
              "closed A/5000 end steps 1 5000..5000 @5000 t/0@0",
              "opened A/5001 @5001 t/0@1",
              "closed A/5001 end steps 1 5001..5001 @5001 t/0@1",
              "opened A/5002 @5002 t/0@2",
              "closed A/5002 end steps 1 5002..5002 @5002 t/0@2"),
          harness.eventLines());
      assertEquals(3, harness.count(Counter.STEPS));
      assertEquals(0, harness.sequences());
      assertEquals(0, harness.timers());
    }
  }

  /** The state that a forecast starts from is a copy: the sequence goes on as without. */
  @ParameterizedTest
  @OnBackends
  void aRollingForecastLeavesTheSequenceAsItIs(Backend backend) throws Exception {
    DecoderRules rules = new DecoderRules(new First.Input(), Next.OUTPUT, 4);
    SequenceConfig base = TestModels.config(TestModels.rnn(), IDLE, Boundaries.NO_LIMIT, Emit.STEP);
    SequenceConfig config =
        base.with(new Emission(Emit.STEP, 2))
            .with(
                new Decoding(
                    TestModels.decoder(), false, rules, Map.of(), List.of(1, 0), 0, List.of()));
    ReferenceSeries reference = new ReferenceSeries(config);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      for (int i = 0; i < 7; i++) {
        Observation o = Observation.of("A", 5000 + i, 0.1 * i, -0.2, 0.3);
        reference.observe(o.at("t/0@", i));
        harness.observe(o);
      }
      assertEquals(3 * 4, harness.predictions().size());
      assertEquals(
          reference.predictions,
          harness.predictions().stream()
              .map(
                  p ->
                      "%s/%s %s %d @%d %s %s ahead %d for %d"
                          .formatted(
                              p.series,
                              p.sequence,
                              p.kind.label(),
                              p.step,
                              p.timestamp,
                              p.input(),
                              java.util.Arrays.toString(p.output),
                              p.ahead,
                              p.timestamp))
              .toList());
    }
  }

  /** More sequences than a batch has rows, closed by one watermark. */
  @ParameterizedTest
  @OnBackends
  void whatOneWatermarkClosesIsDecodedBeforeItPasses(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, delayed())) {
      JsonNode input = golden(DELAYED).get("input");
      for (int i = 0; i < 300; i++) {
        harness.observe(Observation.of("s" + i, 5000, doubles(input.get(0).get(0))));
      }
      harness.watermark(5000 + IDLE);
      List<String> lines = harness.outputLines();
      assertEquals("watermark 6000", lines.get(lines.size() - 1));
      assertEquals(300 * 2 + 1, lines.size());
      assertEquals(300, harness.events().stream().filter(e -> e.reason != null).count());
    }
  }

  /** An observation that shows that time is over waits for the decoder of what it closes. */
  @ParameterizedTest
  @OnBackends
  void theOldSequenceIsDecodedBeforeTheNewOneOpens(Backend backend) throws Exception {
    SequenceConfig config = delayed();
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      double[] symbol = doubles(golden(DELAYED).get("input").get(0).get(0));
      harness.observe(Observation.of("A", 5000, symbol));
      harness.observe(Observation.of("A", 7000, symbol).andEnd());
      harness.observe(Observation.of("A", 7001, symbol));
      assertEquals(
          List.of(
              "opened A/5000 @5000 t/0@0",
              "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0",
              "opened A/7000 @7000 t/0@1",
              "closed A/7000 end steps 1 7000..7000 @7000 t/0@1",
              "opened A/7001 @7001 t/0@2"),
          harness.eventLines());
      assertEquals(
          List.of(
              "A/5000 decoded 0 @5000 t/0@0",
              "A/5000 decoded 0 @5000 t/0@0",
              "A/7000 decoded 0 @7000 t/0@1",
              "A/7000 decoded 0 @7000 t/0@1"),
          harness.predictionLines());
      assertEquals(1, harness.sequences());
      assertEquals(1, harness.timers());
    }
  }

  @ParameterizedTest
  @OnBackends
  void aStepThatIsNotFiniteEndsTheRunAndIsCounted(Backend backend) throws Exception {
    RecurrentModel growing =
        RecurrentModel.builder()
            .name("growing")
            .inputs(1)
            .rnn(
                new CellWeights(
                    "rnn",
                    1,
                    5,
                    new float[] {1, 1, 1, 1, 1},
                    new float[25],
                    new float[5],
                    new float[5]))
            .dense("head", new float[] {3e38f, 0, 0, 0, 0}, new float[] {2e38f})
            .build();
    SequenceConfig config =
        TestModels.config(TestModels.rnn(), IDLE, Boundaries.NO_LIMIT, Emit.END)
            .with(
                Decoding.of(
                    OnnxFile.of(growing), new DecoderRules(new First.Zeros(), Next.OUTPUT, 5)));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(Observation.of("A", 5000, 0.1, 0.2, 0.3).andEnd());
      assertEquals(1, harness.predictions().size());
      assertEquals(1, harness.count(Counter.DECODES_CUT));
      assertEquals(2, harness.events().size(), "opened and closed all the same");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "HEAP")
  void aDecoderThatDoesNotFitFailsTheJobAtItsStart(Backend backend) {
    SequenceConfig config =
        TestModels.config(TestModels.relu(), IDLE, Boundaries.NO_LIMIT, Emit.END)
            .with(
                Decoding.of(
                    TestModels.decoder(), new DecoderRules(new First.Zeros(), Next.OUTPUT, 5)));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> SequenceHarness.open(backend, config).close());
    assertTrue(refused.getMessage().contains("decoder"), refused.getMessage());
  }
}
