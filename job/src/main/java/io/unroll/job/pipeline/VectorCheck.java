package io.unroll.job.pipeline;

import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.model.unroll.DecoderRules.First;
import java.util.List;

/**
 * Vector-to-sequence: where a decoder is alone, each observation is a sequence of its own. Reports
 * the keys that then change nothing, and those that would change something else than they say.
 */
final class VectorCheck {
  private static final List<String> LIMITS =
      List.of(
          "sequence.idle-timeout",
          "sequence.max-duration",
          "sequence.close-at",
          "sequence.max-steps",
          "sequence.min-steps",
          "sequence.clock",
          "sequence.window",
          "sequence.warm-up",
          "sequence.gap",
          "emit.every");

  private static final List<String> IDLE =
      List.of("observation.end", "observation.start", "emit.on");

  private final Findings findings;

  private VectorCheck(Findings findings) {
    this.findings = findings;
  }

  static void check(Findings findings, Pipeline.Decoder decoder, Pipeline.Observation observation) {
    VectorCheck check = new VectorCheck(findings);
    check.sequences();
    check.transforms(observation);
    if (!(decoder.first() instanceof First.Input) && !findings.isWrong("model.decoder.first")) {
      findings.warning(
          "model.decoder.first",
          "found none of the observation's features, expected input: each observation gives the same"
              + (decoder.calendar().isEmpty() ? "" : " at the same time"));
    }
  }

  private void sequences() {
    for (String key : LIMITS) {
      if (findings.isPlaced(key)) {
        findings.mistake(
            key,
            "found beside a decoder without an encoder, expected none: each observation is a sequence"
                + " of its own");
      }
    }
    for (String key : IDLE) {
      if (findings.isPlaced(key)) {
        findings.warning(
            key,
            "changes nothing beside a decoder without an encoder: each observation is a sequence of"
                + " its own, decoded when it comes");
      }
    }
  }

  private void transforms(Pipeline.Observation observation) {
    for (int i = 0; i < observation.features().size(); i++) {
      Feature feature = observation.features().get(i).feature();
      String key = "observation.features[" + i + "]";
      if (feature.transform().needsPrevious()) {
        refuse(key + ".transform", feature.transform().kind().label());
      }
      if (feature.missing().kind() == Missing.Kind.PREVIOUS) {
        refuse(key + ".missing", "previous");
      }
      if (feature.source() instanceof Feature.Source.TimeDelta) {
        refuse(key + ".time-delta", "time-delta");
      }
    }
  }

  private void refuse(String key, String word) {
    findings.mistake(
        key,
        "found "
            + Found.quoted(word)
            + " beside a decoder without an encoder, expected none: no observation has one before"
            + " it");
  }
}
