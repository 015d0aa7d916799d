package io.unroll.job.pipeline;

import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.Key;
import io.unroll.job.life.Calendar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code model.decoder}, but for its file. */
final class DecoderSection {
  private static final String STATE =
      "a map from each of the decoder's states to the encoder's state or output";
  private static final String FIRST = "zeros, input, {token: n} or {last: [feature, ...]}";
  private static final String FIRST_ALONE =
      "input, zeros or {token: n}: without an encoder it is all that a run begins with";
  private static final String LAST = "a list of features of the observation";
  private static final String CALENDAR = "a list such as [{clock: hour-of-day, zone: UTC}]";

  private final Findings findings;

  DecoderSection(Findings findings) {
    this.findings = findings;
  }

  /**
   * Reads it; each mistake is reported.
   *
   * @param alone whether it is without an encoder
   * @param description what it does. Modified.
   */
  void read(Section section, boolean alone, Description description) {
    Map<String, String> states =
        ModelSection.states(
            findings, section.value(DecoderKeys.STATES), STATE, DecoderKeys.STATE_SOURCE);
    if (!states.isEmpty()) {
      description.say(DecoderKeys.STATES, states);
    }
    Value first = section.value(DecoderKeys.FIRST);
    if (first != null) {
      first(first, alone ? FIRST_ALONE : FIRST, description);
    } else if (alone) {
      findings.mistake(DecoderKeys.FIRST.path(), "found nothing, expected " + FIRST_ALONE);
    }
    section.say(description, DecoderKeys.NEXT);
    section.sayRequired(description, DecoderKeys.STEPS);
    stop(section.section(DecoderKeys.STOP), description);
    section.say(description, DecoderKeys.EVERY);
    Value calendar = section.value(DecoderKeys.CALENDAR);
    if (calendar != null) {
      description.say(DecoderKeys.CALENDAR, calendar(calendar));
    }
  }

  private static void first(Value value, String expected, Description description) {
    if (value.isList()) {
      value.mistake(expected);
      return;
    }
    if (!value.isMap()) {
      String word = value.word(List.of("zeros", "input"));
      if (word != null) {
        boolean input = word.equals("input");
        description.say(
            DecoderKeys.FIRST, input ? DecoderKeys.First.INPUT : DecoderKeys.First.ZEROS);
      }
      return;
    }
    Section section = value.section();
    Key<?> key =
        section == null
            ? null
            : section.exactlyOne(DecoderKeys.FIRST_TOKEN, DecoderKeys.FIRST_LAST);
    if (section == null || key == null) {
      return;
    }
    Value last = section.value(DecoderKeys.FIRST_LAST);
    if (last == null) {
      section.say(description, DecoderKeys.FIRST_TOKEN);
      return;
    }
    List<String> names = new ArrayList<>();
    for (Value item : last.items(LAST)) {
      String name = item.text("a feature of the observation");
      names.add(name == null ? "" : name); // has its place, and is wrong
    }
    description.say(DecoderKeys.FIRST_LAST, names);
  }

  private static void stop(@Nullable Section section, Description description) {
    Key<?> key =
        section == null
            ? null
            : section.exactlyOne(DecoderKeys.STOP_TOKEN, DecoderKeys.STOP_OUTPUT);
    if (section == null || key == null) {
      return;
    }
    if (key.equals(DecoderKeys.STOP_TOKEN)) {
      section.say(description, DecoderKeys.STOP_TOKEN);
      Value above = section.value(DecoderKeys.STOP_ABOVE);
      if (above != null) {
        above.mistake("output in the place of token, of which it would be the threshold");
      }
      return;
    }
    section.say(description, DecoderKeys.STOP_OUTPUT);
    section.sayRequired(description, DecoderKeys.STOP_ABOVE);
  }

  private static List<Calendar> calendar(Value value) {
    List<Calendar> calendar = new ArrayList<>();
    for (Value item : value.items(CALENDAR)) {
      Section section = item.section();
      if (section == null) {
        continue;
      }
      Calendar cycle =
          FeatureSection.calendar(section, DecoderKeys.CALENDAR_CLOCK, DecoderKeys.CALENDAR_ZONE);
      if (cycle != null) {
        calendar.add(cycle);
      }
    }
    return calendar;
  }
}
