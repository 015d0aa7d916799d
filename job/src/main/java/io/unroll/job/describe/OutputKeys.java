package io.unroll.job.describe;

import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** {@code emit} and {@code evaluate}: when predictions go out, and what they are held against. */
public final class OutputKeys {
  private static final Keys EMIT = new Keys("emit");
  private static final Keys EVALUATE = new Keys("evaluate");

  /** After steps, or at the close. */
  public static final Key<Emit> EMIT_ON =
      EMIT.standard(
          "on",
          Type.word(Emit.values(), on -> on.name().toLowerCase(Locale.ROOT)),
          Emit.STEP,
          "After every step, or when a sequence closes");

  /** After how many steps each. */
  public static final Key<Long> EMIT_EVERY =
      EMIT.standard(
          "every",
          Type.whole(1, Long.MAX_VALUE),
          1L,
          "With on: step. A prediction after every this many steps of a sequence; at least 1");

  /** The output, by its name. */
  public static final Key<String> EVALUATE_OUTPUT =
      EVALUATE.required(
          "output",
          Type.text("the name of one of the model's outputs"),
          "the name of one of the model's outputs",
          "The output, by its name");

  /** What it is held against. */
  public static final Key<String> EVALUATE_AGAINST =
      EVALUATE.required(
          "against",
          Type.shape("field"),
          "a feature of the observation, or another field",
          "What it is compared with. A feature, by its field or last name: errors are"
              + " in the model's unit (after transform and scale), or in the field's own"
              + " unit if the output has unscale. Or another field, as the record has it");

  /** How many observations ahead. */
  public static final Key<Long> EVALUATE_AHEAD =
      EVALUATE.standard(
          "ahead",
          Type.whole(1, Evaluate.FARTHEST),
          1L,
          "How many records of its series the output looks ahead; with a decoder,"
              + " which of its steps");

  /** From when on. */
  public static final Key<Instant> EVALUATE_FROM =
      EVALUATE.key("from", new Type.Moment(), "Predictions that were made earlier are left out");

  private OutputKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(EMIT, EVALUATE);
  }
}
