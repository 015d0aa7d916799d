package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.IDLE;
import static io.unroll.job.operator.TestSequences.STEPPING;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.closed;
import static io.unroll.job.operator.TestSequences.decodingThree;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emission;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/** Sequences that close before they have the steps that are asked for. */
final class MinStepsTest {
  private static final Boundaries TWO = Boundaries.NONE.withIdleTimeout(IDLE).withMinSteps(2);

  private static SequenceConfig atEnd() {
    return STEPPING.with(TWO).with(Emission.AT_END);
  }

  private static SequenceConfig decoding() {
    return atEnd().with(decodingThree());
  }

  /** A sequence of one step and one of two, ended by a marker, by time, by the end of input. */
  private static void run(Backend backend, SequenceConfig config, List<String> kinds)
      throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      for (String series : List.of("marker", "time", "end")) {
        long first = series.equals("end") ? 5500 : 5000;
        harness.observe(Observation.of(series + " short", first, 0.1, 0.2, 0.3));
        harness.observe(Observation.of(series + " long", first, 0.1, 0.2, 0.3));
        harness.observe(Observation.of(series + " long", first + 1, 0.1, 0.2, 0.3));
      }
      harness.observe(Observation.endOf("marker short", 5002));
      harness.observe(Observation.endOf("marker long", 5002));
      harness.observe(Observation.of("end short", 5900, 0.1, 0.2, 0.3).andStart());
      harness.watermark(6001);
      assertEquals(5, harness.events().stream().filter(e -> e.reason != null).count());
      harness.endOfInput();
      for (String series : List.of("marker", "time", "end")) {
        assertEquals(
            kinds,
            harness.predictions().stream()
                .filter(p -> p.series.equals(series + " long"))
                .map(p -> p.kind.label() + " " + p.step)
                .toList(),
            series);
      }
      assertEquals(
          List.of(),
          harness.predictions().stream().filter(p -> p.series.endsWith("short")).toList());
      assertEquals(
          7,
          harness.events().stream().filter(e -> e.reason != null).count(),
          "closed, with or without a prediction");
      assertEquals(0, harness.sequences());
      assertEquals(0, harness.timers());
    }
  }

  @ParameterizedTest
  @OnBackends
  void withFewerThereIsNoFinalPrediction(Backend backend) throws Exception {
    run(backend, atEnd(), List.of("final 1"));
  }

  @ParameterizedTest
  @OnBackends
  void withFewerTheDecoderDoesNotRun(Backend backend) throws Exception {
    run(backend, decoding(), List.of("decoded 1", "decoded 1", "decoded 1"));
  }

  @ParameterizedTest
  @OnBackends
  void predictionsAfterStepsGoOutAllTheSame(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING.with(TWO))) {
      harness.observe(at(5000).andEnd());
      assertEquals(List.of("A/5000 step 0 @5000 t/0@0"), harness.predictionLines());
      assertEquals(List.of("closed end 5000 steps 1"), closed(harness));
    }
  }
}
