package io.unroll.job.describe;

import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import java.util.List;

/**
 * Vector-to-sequence: where a decoder is alone, each observation is a sequence of its own. Reports
 * the keys that then change nothing, and those that would change something else than they say.
 */
final class AloneCheck {
  private static final List<Key<?>> LIMITS =
      List.of(
          SequenceKeys.IDLE_TIMEOUT,
          SequenceKeys.MAX_DURATION,
          SequenceKeys.MAX_STEPS,
          SequenceKeys.MIN_STEPS,
          SequenceKeys.CLOCK,
          SequenceKeys.WINDOW,
          SequenceKeys.WARM_UP,
          OutputKeys.EMIT_EVERY);

  private final Description description;
  private final Complaints complaints;

  AloneCheck(Description description, Complaints complaints) {
    this.description = description;
    this.complaints = complaints;
  }

  void check() {
    for (Key<?> key : LIMITS) {
      if (isChanged(key)) {
        limit(key);
      }
    }
    if (description.says(SequenceKeys.CLOSE_AT_TIME)
        || complaints.isWrong(SequenceKeys.CLOSE_AT.path())) {
      limit(SequenceKeys.CLOSE_AT);
    }
    if (description.says(GapKeys.EXPECT) || complaints.isWrong(SequenceKeys.GAP.path())) {
      limit(SequenceKeys.GAP);
    }
    if (isChanged(OutputKeys.EMIT_ON)) {
      complaints.warning(
          OutputKeys.EMIT_ON.path(),
          "changes nothing beside a decoder without an encoder: each observation is a sequence of"
              + " its own, decoded when it comes");
    }
    List<DescribedFeature> features = description.get(ObservationKeys.FEATURES);
    if (features != null) {
      transforms(features);
      begins();
    }
  }

  private boolean isChanged(Key<?> key) {
    return description.changes(key) || complaints.isWrong(key.path());
  }

  private void limit(Key<?> key) {
    complaints.mistake(
        key.path(),
        "found beside a decoder without an encoder, expected none: each observation is a sequence"
            + " of its own");
  }

  private void begins() {
    if (!Decoders.beginsWithInput(description) && !complaints.isWrong(DecoderKeys.FIRST.path())) {
      complaints.warning(
          DecoderKeys.FIRST.path(),
          "found none of the observation's features, expected input: each observation gives the same"
              + (Decoders.calendar(description).isEmpty() ? "" : " at the same time"));
    }
  }

  private void transforms(List<DescribedFeature> features) {
    for (int i = 0; i < features.size(); i++) {
      Feature feature = features.get(i).feature();
      String key = ObservationKeys.FEATURES.path() + "[" + i + "]";
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
    complaints.mistake(
        key,
        "found "
            + Found.quoted(word)
            + " beside a decoder without an encoder, expected none: no observation has one before"
            + " it");
  }
}
