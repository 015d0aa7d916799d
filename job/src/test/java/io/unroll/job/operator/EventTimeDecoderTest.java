package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.ORDERED;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.decodingThree;
import static io.unroll.job.operator.TestSequences.end;
import static io.unroll.job.operator.TestSequences.nothingIsLeft;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/** Decoders of sequences whose observations wait for the watermark. */
final class EventTimeDecoderTest {
  private static SequenceConfig decoding(Emission emission) {
    return ORDERED.with(emission).with(decodingThree());
  }

  private static void givesWhatTheReferenceGives(
      Backend backend, SequenceConfig config, int predictions) throws Exception {
    Observation[] observations = {
      at(5002).andEnd(), at(5000), at(7000), at(5001), at(5002), at(9000), end(9001), at(7001)
    };
    ReferenceSeries reference = new ReferenceSeries(config);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      for (int i = 0; i < observations.length; i++) {
        reference.observe(observations[i].at("t/0@", i));
        harness.observe(observations[i], i);
      }
      for (long watermark : new long[] {5001, 9000, 9500}) {
        reference.watermark(watermark);
        harness.watermark(watermark);
      }
      assertEquals(predictions, harness.predictions().size());
      assertEquals(
          reference.predictions, harness.predictions().stream().map(TestSequences::line).toList());
      assertEquals(reference.events, harness.eventLines());
      nothingIsLeft(harness);
    }
  }

  /** The end of one sequence, its decoder, and the next one, in the turns of one watermark. */
  @ParameterizedTest
  @OnBackends
  void theRunComesBeforeWhatWaitsOpensTheNextSequence(Backend backend) throws Exception {
    givesWhatTheReferenceGives(backend, decoding(Emission.AT_END), 4 * 3);
  }

  @ParameterizedTest
  @OnBackends
  void aForecastStartsFromTheStateInThatOrder(Backend backend) throws Exception {
    givesWhatTheReferenceGives(backend, decoding(Emission.EVERY_STEP), 7 * 3);
  }

  @ParameterizedTest
  @OnBackends
  void aDecoderAloneTakesVectorsInTheirOrder(Backend backend) throws Exception {
    SequenceConfig config =
        SequenceConfig.of(TestModels.decoder(), List.of(Feature.raw("a"), Feature.raw("b")))
            .with(ORDERED.tuning())
            .with(Emission.AT_END)
            .with(Order.EVENT_TIME)
            .with(
                Decoding.alone(
                    TestModels.decoder(), new DecoderRules(new First.Input(), Next.ZEROS, 2)));
    ReferenceSeries reference = new ReferenceSeries(config);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      long[] timestamps = {5002, 5000, 5001};
      for (int i = 0; i < timestamps.length; i++) {
        Observation o = Observation.of("A", timestamps[i], 0.1 * i, -0.3).at("t/0@", i);
        reference.observe(o);
        harness.observe(o, i);
      }
      assertEquals(1, harness.timers());
      reference.watermark(5002);
      harness.watermark(5002);
      assertEquals(3 * 2, harness.predictions().size());
      assertEquals(
          reference.predictions, harness.predictions().stream().map(TestSequences::line).toList());
      assertEquals(reference.events, harness.eventLines());
      nothingIsLeft(harness);
    }
  }
}
