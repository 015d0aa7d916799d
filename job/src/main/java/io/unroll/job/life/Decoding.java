package io.unroll.job.life;

import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * A network that runs on from a sequence's state on its own output.
 *
 * @param decoder the ONNX file
 * @param alone true where there is no encoder: each observation is a sequence of its own, and the
 *     decoder starts from its features
 * @param rules how it is fed, and when it stops
 * @param states the decoder's states to what of the encoder they start from; empty: by shape and
 *     order
 * @param last the model inputs of the last observation that are the first input where the rules
 *     begin with one, by their place; empty for all
 * @param everyMillis how far apart the predicted times are; {@link #UNTIMED} for no times
 * @param calendar inputs of each predicted time, behind those that are fed back
 */
public record Decoding(
    OnnxFile decoder,
    boolean alone,
    DecoderRules rules,
    Map<String, String> states,
    List<Integer> last,
    long everyMillis,
    List<Calendar> calendar)
    implements Serializable {

  /** Predictions without a time of their own. */
  public static final long UNTIMED = 0;

  public Decoding {
    states = Map.copyOf(states);
    last = List.copyOf(last);
    calendar = List.copyOf(calendar);
    if (everyMillis < 0) {
      throw new IllegalArgumentException(
          "decoder.every: found " + everyMillis + " ms, expected more than 0, or 0 for none");
    }
    if (everyMillis == UNTIMED && !calendar.isEmpty()) {
      throw new IllegalArgumentException(
          "decoder.features: found features of the calendar, expected decoder.every beside them");
    }
    if (rules.extra() != calendar.size() * Calendar.INPUTS) {
      throw new IllegalArgumentException(
          "decoder: found %d inputs that are not fed back, expected %d, two for each of the calendar"
              .formatted(rules.extra(), calendar.size() * Calendar.INPUTS));
    }
  }

  /** Behind an encoder, without times, calendar and names. */
  public static Decoding of(OnnxFile decoder, DecoderRules rules) {
    return new Decoding(decoder, false, rules, Map.of(), List.of(), UNTIMED, List.of());
  }

  /** For each observation by itself, without times and calendar. */
  public static Decoding alone(OnnxFile decoder, DecoderRules rules) {
    return new Decoding(decoder, true, rules, Map.of(), List.of(), UNTIMED, List.of());
  }

  /** The same with predicted times. */
  public Decoding every(long millis) {
    return new Decoding(decoder, alone, rules, states, last, millis, calendar);
  }
}
