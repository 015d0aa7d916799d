package io.unroll.job.describe;

import io.unroll.job.life.Calendar;
import io.unroll.job.life.Decoding;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a description says of its decoder, in the decoder's own terms. */
final class Decoders {
  /** Model inputs of each part of the calendar: a sine and a cosine. */
  private static final int CALENDAR_INPUTS = 2;

  private Decoders() {}

  static First first(Description description) {
    Long token = description.get(DecoderKeys.FIRST_TOKEN);
    if (token != null) {
      return new First.Token(Math.toIntExact(token));
    }
    return beginsWithInput(description) ? new First.Input() : new First.Zeros();
  }

  static boolean beginsWithInput(Description description) {
    return description.get(DecoderKeys.FIRST) == DecoderKeys.First.INPUT
        || description.says(DecoderKeys.FIRST_LAST);
  }

  /** Features that its first step is fed, by their names; empty for all. */
  static List<String> last(Description description) {
    @Nullable List<String> last = description.get(DecoderKeys.FIRST_LAST);
    return last == null ? List.of() : last;
  }

  static List<Calendar> calendar(Description description) {
    @Nullable List<Calendar> calendar = description.get(DecoderKeys.CALENDAR);
    return calendar == null ? List.of() : calendar;
  }

  static Map<String, String> states(Description description) {
    @Nullable Map<String, String> states = description.get(DecoderKeys.STATES);
    return states == null ? Map.of() : states;
  }

  /** Inputs of the network that are not fed back. */
  static int extra(Description description) {
    return CALENDAR_INPUTS * calendar(description).size();
  }

  /**
   * What the operator is told.
   *
   * @param outputs names of the network's outputs, among them that of the stop
   */
  static Decoding decoding(Description description, OnnxFile file, List<String> outputs) {
    Duration every = description.get(DecoderKeys.EVERY);
    List<DescribedFeature> features = description.of(ObservationKeys.FEATURES);
    return new Decoding(
        file,
        Checks.isAlone(description),
        new DecoderRules(
            first(description),
            description.of(DecoderKeys.NEXT),
            Math.toIntExact(description.of(DecoderKeys.STEPS)),
            stop(description, outputs),
            extra(description)),
        states(description),
        last(description).stream().map(name -> Features.place(name, features)).toList(),
        every == null ? Decoding.UNTIMED : every.toMillis(),
        calendar(description));
  }

  private static DecoderRules.@Nullable Stop stop(Description description, List<String> outputs) {
    Long token = description.get(DecoderKeys.STOP_TOKEN);
    if (token != null) {
      return new DecoderRules.Stop.Token(Math.toIntExact(token));
    }
    String output = description.get(DecoderKeys.STOP_OUTPUT);
    Double above = description.get(DecoderKeys.STOP_ABOVE);
    return output == null || above == null
        ? null
        : new DecoderRules.Stop.Above(outputs.indexOf(output), above.floatValue());
  }
}
