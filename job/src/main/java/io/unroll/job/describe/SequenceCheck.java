package io.unroll.job.describe;

import io.unroll.job.life.Emit;
import io.unroll.job.life.Gap;
import io.unroll.job.life.SequenceClock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Limits of a sequence, its gaps and when predictions go out, each beside the others. */
final class SequenceCheck {
  private final Description description;
  private final Complaints complaints;

  SequenceCheck(Description description, Complaints complaints) {
    this.description = description;
    this.complaints = complaints;
  }

  void check() {
    emission();
    steps();
    gap();
    feedback();
  }

  private void emission() {
    if (description.get(OutputKeys.EMIT_ON) == Emit.END
        && description.changes(OutputKeys.EMIT_EVERY)) {
      complaints.mistake(
          OutputKeys.EMIT_EVERY.path(),
          "found " + description.get(OutputKeys.EMIT_EVERY) + ", expected emit.on: step beside it");
    }
  }

  private void steps() {
    Long most = description.get(SequenceKeys.MAX_STEPS);
    long every = description.of(OutputKeys.EMIT_EVERY);
    boolean emits = !complaints.isWrong(RootKeys.EMIT.path());
    if (most != null && every > most && emits) {
      complaints.mistake(
          OutputKeys.EMIT_EVERY.path(),
          "found "
              + every
              + ", expected at most sequence.max-steps, which is "
              + most
              + ": no sequence would come so far");
    }
    Long least = description.get(SequenceKeys.MIN_STEPS);
    if (description.changes(SequenceKeys.MIN_STEPS)
        && description.of(OutputKeys.EMIT_ON) != Emit.END
        && emits) {
      complaints.mistake(
          SequenceKeys.MIN_STEPS.path(), "found " + least + ", expected emit.on: end beside it");
    }
    if (least != null && most != null && least > most) {
      complaints.mistake(
          SequenceKeys.MIN_STEPS.path(),
          "found " + least + ", expected at most max-steps, which is " + most);
    }
    Long warming = description.get(SequenceKeys.WARM_UP);
    if (warming != null && most != null && warming >= most) {
      complaints.mistake(
          SequenceKeys.WARM_UP.path(),
          "found "
              + warming
              + ", expected less than max-steps, which is "
              + most
              + ": every prediction would be marked");
    }
  }

  private void gap() {
    boolean processing = description.get(SequenceKeys.CLOCK) == SequenceClock.PROCESSING;
    if (processing && complaints.isSaid(description, GapKeys.EXPECT)) {
      complaints.mistake(
          SequenceKeys.GAP.path(),
          "found beside clock: processing, expected clock: event: a gap is one of the timestamps");
    }
  }

  private void feedback() {
    Gap.Fill fill = description.get(GapKeys.FILL);
    String key = GapKeys.FEEDBACK.path();
    @Nullable Map<String, String> feedback = description.get(GapKeys.FEEDBACK);
    if (feedback == null) {
      if (fill == Gap.Fill.FEEDBACK && !complaints.isWrong(key)) {
        complaints.mistake(key, "found nothing, expected " + GapKeys.FEEDBACK.expected());
      }
      return;
    }
    if (fill == Gap.Fill.PREVIOUS) {
      complaints.mistake(key, "found a map, expected fill: feedback beside it");
      return;
    }
    if (feedback.isEmpty() && !complaints.isWrong(key)) {
      complaints.mistake(key, "found an empty map, expected " + GapKeys.FEEDBACK_MAP);
    }
    List<DescribedFeature> features = Checks.features(description, complaints);
    if (features != null) {
      List<String> names = List.copyOf(feedback.keySet());
      List<String> paths = names.stream().map(name -> key + "." + Found.oneLine(name)).toList();
      Features.checkEach(complaints, paths, names, features);
    }
  }
}
