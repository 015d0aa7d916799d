package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceClock;
import io.unroll.model.RecurrentModel;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code sequence:}. */
final class SequenceSection {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final int MOST_WARMING = 1_000_000_000;

  private final Findings findings;
  private final Fields fields;

  SequenceSection(Findings findings, Fields fields) {
    this.findings = findings;
    this.fields = fields;
  }

  /**
   * What a sequence is.
   *
   * @param emission when predictions go out; no matter what it is if it is wrong in itself
   * @param observation whose features a gap may be filled with; null if it is wrong in itself
   */
  Pipeline.Sequence read(
      Section root, Emission emission, Pipeline.@Nullable Observation observation) {
    Section section = root.section("sequence");
    if (section == null) {
      return Pipeline.Sequence.ENDLESS;
    }
    Value byValue = section.get("by");
    FieldPath by = byValue == null ? null : fields.read(byValue, "a field");
    Boundaries boundaries = boundaries(section, emission);
    Order order = order(section.get("order"));
    Duration maxDelay = maxDelay(section, order);
    Value window = section.get("window");
    Value keep = section.get("keep-series-for");
    Pipeline.GapRule gap = new GapSection(findings).read(section.section("gap"), observation);
    if (gap != null && boundaries.clock() == SequenceClock.PROCESSING) {
      findings.mistake(
          GapSection.KEY,
          "found beside clock: processing, expected clock: event: a gap is one of the timestamps");
    }
    return new Pipeline.Sequence(
        by,
        boundaries,
        order,
        maxDelay,
        window == null ? null : window.integer(1, RecurrentModel.LONGEST_WINDOW),
        gap,
        warmUp(section.get("warm-up"), boundaries),
        keep == null ? null : keep.duration(SHORTEST));
  }

  /** Steps whose predictions are marked; 0 for none, and if it is wrong. */
  private static int warmUp(@Nullable Value value, Boundaries boundaries) {
    Long steps = value == null ? null : value.integer(1, MOST_WARMING);
    if (value == null || steps == null) {
      return 0;
    }
    long most = boundaries.maxSteps();
    if (most != Boundaries.NO_LIMIT && steps >= most) {
      value.mistake("less than max-steps, which is " + most + ": every prediction would be marked");
    }
    return Math.toIntExact(steps);
  }

  private Boundaries boundaries(Section section, Emission emission) {
    Boundaries boundaries =
        Boundaries.NONE
            .withIdleTimeout(millis(section.get("idle-timeout")))
            .withMaxDuration(millis(section.get("max-duration")))
            .withCloseAt(closeAt(section.section("close-at")))
            .withClock(clock(section.get("clock")));
    Value most = section.get("max-steps");
    Long maxSteps = most == null ? null : most.integer(1, Long.MAX_VALUE);
    if (maxSteps != null) {
      boundaries = boundaries.withMaxSteps(maxSteps);
      refuseRarePredictions(emission, maxSteps);
    }
    Value least = section.get("min-steps");
    Long minSteps = least == null ? null : minSteps(least, maxSteps, emission);
    return minSteps == null ? boundaries : boundaries.withMinSteps(minSteps);
  }

  private static long millis(@Nullable Value value) {
    Duration duration = value == null ? null : value.duration(SHORTEST);
    return duration == null ? Boundaries.NO_TIMEOUT : duration.toMillis();
  }

  private static @Nullable CloseAt closeAt(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    Value timeValue = section.require("time", Value.TIME);
    LocalTime time = timeValue == null ? null : timeValue.timeOfDay();
    Value zoneValue = section.require("zone", Value.ZONE);
    ZoneId zone = zoneValue == null ? null : zoneValue.zone();
    return time == null || zone == null ? null : new CloseAt(time, zone);
  }

  private static SequenceClock clock(@Nullable Value value) {
    String word =
        value == null
            ? null
            : value.word(List.of(SequenceClock.EVENT.label(), SequenceClock.PROCESSING.label()));
    return SequenceClock.PROCESSING.label().equals(word)
        ? SequenceClock.PROCESSING
        : SequenceClock.EVENT;
  }

  private void refuseRarePredictions(Emission emission, long maxSteps) {
    if (emission.every() > maxSteps && !findings.isWrong("emit")) {
      findings.mistake(
          "emit.every",
          "found "
              + emission.every()
              + ", expected at most sequence.max-steps, which is "
              + maxSteps
              + ": no sequence would come so far");
    }
  }

  /** A least number of steps that fits; null if it does not, which has been reported. */
  private @Nullable Long minSteps(Value value, @Nullable Long maxSteps, Emission emission) {
    Long steps = value.integer(0, Long.MAX_VALUE);
    if (emission.on() != Emit.END && !findings.isWrong("emit")) {
      value.mistake("emit.on: end beside it");
    }
    if (steps != null && maxSteps != null && steps > maxSteps) {
      value.mistake("at most max-steps, which is " + maxSteps);
      return null;
    }
    return steps;
  }

  private static Order order(@Nullable Value value) {
    String word =
        value == null ? null : value.word(List.of(Order.ARRIVAL.label(), Order.EVENT_TIME.label()));
    return Order.EVENT_TIME.label().equals(word) ? Order.EVENT_TIME : Order.ARRIVAL;
  }

  /** How long observations are held back; null where they are not. */
  private @Nullable Duration maxDelay(Section section, Order order) {
    if (order == Order.EVENT_TIME) {
      if (findings.isPlaced("source.out-of-order")) {
        findings.mistake(
            "source.out-of-order",
            "found beside sequence.order: event-time, expected sequence.max-delay alone: it is the"
                + " watermark's bound then");
      }
      Value value =
          section.require("max-delay", "a duration such as 5 min beside order: event-time");
      return value == null ? null : value.duration(Duration.ZERO);
    }
    Value value = section.get("max-delay");
    if (value != null) {
      value.duration(Duration.ZERO);
      if (!findings.isWrong("sequence.order")) {
        value.mistake("order: event-time beside it");
      }
    }
    return null;
  }
}
