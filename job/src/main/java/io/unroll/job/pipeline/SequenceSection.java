package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.SequenceKeys;
import io.unroll.job.life.Order;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code sequence:}. */
final class SequenceSection {
  private static final List<Key<?>> VALUES =
      List.of(
          SequenceKeys.IDLE_TIMEOUT,
          SequenceKeys.MAX_DURATION,
          SequenceKeys.MAX_STEPS,
          SequenceKeys.MIN_STEPS,
          SequenceKeys.CLOCK,
          SequenceKeys.ORDER,
          SequenceKeys.WINDOW,
          SequenceKeys.WARM_UP,
          SequenceKeys.KEEP_SERIES_FOR);

  private final Findings findings;
  private final Fields fields;

  SequenceSection(Findings findings, Fields fields) {
    this.findings = findings;
    this.fields = fields;
  }

  /**
   * What only a file says of sequences.
   *
   * @param section null where the file has none
   * @param description what a sequence is. Modified.
   */
  Pipeline.Sequence read(@Nullable Section section, Description description) {
    if (section == null) {
      return new Pipeline.Sequence(null, null);
    }
    Value byValue = section.value(SequenceKeys.BY);
    FieldPath by = byValue == null ? null : fields.read(byValue, "a field");
    section.say(description, VALUES);
    Section closeAt = section.section(SequenceKeys.CLOSE_AT);
    if (closeAt != null) {
      closeAt.sayRequired(description, SequenceKeys.CLOSE_AT_TIME);
      closeAt.sayRequired(description, SequenceKeys.CLOSE_AT_ZONE);
      closeAt.say(description, SequenceKeys.CLOSE_AT_INCLUSIVE);
      closeAt.say(description, SequenceKeys.CLOSE_AT_MARGIN);
    }
    Section gap = section.section(SequenceKeys.GAP);
    if (gap != null) {
      gap(gap, description);
    }
    return new Pipeline.Sequence(by, maxDelay(section, description.of(SequenceKeys.ORDER)));
  }

  /** How long observations are held back; null where they are not. */
  private @Nullable Duration maxDelay(Section section, Order order) {
    if (order == Order.EVENT_TIME) {
      if (findings.isPlaced(SourceKeys.OUT_OF_ORDER.path())) {
        findings.mistake(
            SourceKeys.OUT_OF_ORDER.path(),
            "found beside sequence.order: event-time, expected sequence.max-delay alone: it is the"
                + " watermark's bound then");
      }
      return section.require(SequenceKeys.MAX_DELAY);
    }
    Value value = section.value(SequenceKeys.MAX_DELAY);
    if (value != null) {
      value.read(SequenceKeys.MAX_DELAY.type());
      if (!findings.isWrong(SequenceKeys.ORDER.path())) {
        value.mistake("order: event-time beside it");
      }
    }
    return null;
  }

  private static void gap(Section section, Description description) {
    section.sayRequired(description, GapKeys.EXPECT);
    section.sayRequired(description, GapKeys.FILL);
    section.sayRequired(description, GapKeys.AT_MOST);
    Value value = section.value(GapKeys.FEEDBACK);
    Section map = value != null && value.isMap() ? value.section() : null;
    if (map != null) {
      Map<String, String> feedback = new LinkedHashMap<>();
      map.others()
          .forEach(
              (name, named) -> {
                String output = named.read(GapKeys.FEEDBACK_OUTPUT.type());
                feedback.put(name, output == null ? "" : output);
              });
      description.say(GapKeys.FEEDBACK, feedback);
    } else if (value != null) {
      value.mistake(GapKeys.FEEDBACK_MAP);
    }
  }
}
