package io.unroll.job.describe;

import io.unroll.job.life.Calendar;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.Next;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code model.decoder}: a network that runs on its own output. */
public final class DecoderKeys {
  /** What {@link DecoderRules} takes: above it not every whole number is a float. */
  private static final long HIGHEST_TOKEN = (1 << 24) - 1;

  /** What the first step is fed, where it is no token and no choice of features. */
  public enum First {
    ZEROS,
    /** The last observation's features. */
    INPUT
  }

  private static final Keys KEYS = new Keys("model.decoder");
  private static final Keys STATES_KEYS = new Keys("model.decoder.states");
  private static final Keys FIRST_KEYS = new Keys("model.decoder.first");
  private static final Keys STOP_KEYS = new Keys("model.decoder.stop");
  private static final Keys CALENDAR_KEYS = new Keys("model.decoder.features[]");

  /** The file. */
  public static final Key<Path> ONNX =
      KEYS.required(
          "onnx", new Type.File(), "the path of an ONNX file", "Relative to the pipeline file");

  /** Each of its states to what of the encoder it starts from. */
  public static final Key<Map<String, String>> STATES =
      KEYS.key(
          "states",
          Type.shape("map"),
          "Where its states start: each state of the decoder with a state or output of"
              + " the encoder. Without it they are matched by shape and order");

  /** Each of them. */
  public static final Key<String> STATE_SOURCE =
      STATES_KEYS.key(
          "*",
          Type.text("the name of a state or an output of the encoder"),
          "The encoder's state or output, under the name of the decoder's state");

  /** What its first step is fed. */
  public static final Key<First> FIRST =
      KEYS.inWords(
          "first",
          Type.shape("zeros, input or map"),
          "zeros",
          "What the first step is fed; input: the last observation's features."
              + " Required without an encoder");

  /** A token that its first step is fed. */
  public static final Key<Long> FIRST_TOKEN =
      FIRST_KEYS.key(
          "token",
          Type.whole(0, HIGHEST_TOKEN),
          "This token: its index if the decoder has one input, else one-hot");

  /** Features of the last observation that its first step is fed, by their names. */
  public static final Key<List<String>> FIRST_LAST =
      FIRST_KEYS.key(
          "last",
          Type.shape("list"),
          "These features of the last observation, by their fields or last names");

  /** What every later step is fed. */
  public static final Key<Next> NEXT =
      KEYS.standard(
          "next",
          Type.word(Next.values(), next -> next.name().toLowerCase(Locale.ROOT)),
          Next.OUTPUT,
          "What each later step is fed: the output of the step before, the index of"
              + " its largest output (argmax, a token), or zeros");

  /** The most steps of a run. */
  public static final Key<Long> STEPS =
      KEYS.required(
          "steps",
          Type.whole(1, DecoderRules.MOST_STEPS),
          "the most steps of a run",
          "The most steps of one run; 1 to 100 000");

  /** What ends a run before. */
  public static final Key<String> STOP =
      KEYS.key(
          "stop",
          Type.shape("map"),
          "What ends a run earlier. The step that ends it is part of the output");

  /** A token that ends it. */
  public static final Key<Long> STOP_TOKEN =
      STOP_KEYS.key(
          "token", Type.whole(0, HIGHEST_TOKEN), "Ends at this token; needs next: argmax");

  /** An output that ends it, by its name. */
  public static final Key<String> STOP_OUTPUT =
      STOP_KEYS.key(
          "output",
          Type.text("the name of one of the decoder's outputs"),
          "Ends by this output of the decoder; needs above");

  /** What that output has to be larger than. */
  public static final Key<Double> STOP_ABOVE =
      STOP_KEYS.needed(
          "above",
          Type.Real.FINITE,
          "a number that the output has to be larger than",
          "Ends when that output is larger than this");

  /** How far apart the predicted times are. */
  public static final Key<Duration> EVERY =
      KEYS.key(
          "every",
          Type.duration(),
          "The distance of the predicted times, from the last observation's time on");

  /** Inputs of each predicted time. */
  public static final Key<List<Calendar>> CALENDAR =
      KEYS.key(
          "features",
          Type.shape("list"),
          "Calendar features of each predicted time. Each adds two inputs (sine,"
              + " cosine) after the ones that are fed; needs every");

  /** The cycle of such an input. */
  public static final Key<Calendar.Cycle> CALENDAR_CLOCK =
      CALENDAR_KEYS.required(
          "clock",
          Type.word(Calendar.Cycle.values(), Calendar.Cycle::label),
          "one of hour-of-day, day-of-week, day-of-year, minute-of-day, hour-of-week",
          "The cycle");

  /** Whose calendar. */
  public static final Key<ZoneId> CALENDAR_ZONE =
      CALENDAR_KEYS.required("zone", new Type.Zone(), Type.Zone.EXPECTED, "Such as Europe/Berlin");

  private DecoderKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(KEYS, STATES_KEYS, FIRST_KEYS, STOP_KEYS, CALENDAR_KEYS);
  }
}
