package io.unroll.job;

import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.ModelFacts;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.util.List;

/** A decoder as {@link Unroll} is given it, with rules that know its outputs by their places. */
record GivenDecoder(OnnxFile file, RecurrentModel network, DecoderRules rules) {

  /** Says what the rules say. */
  void describe(Description said) {
    said.say(DecoderKeys.NEXT, rules.next()).say(DecoderKeys.STEPS, (long) rules.steps());
    if (rules.first() instanceof First.Token token) {
      said.say(DecoderKeys.FIRST_TOKEN, (long) token.token());
    } else {
      boolean input = rules.first() instanceof First.Input;
      said.say(DecoderKeys.FIRST, input ? DecoderKeys.First.INPUT : DecoderKeys.First.ZEROS);
    }
    if (rules.stop() instanceof Stop.Token token) {
      said.say(DecoderKeys.STOP_TOKEN, (long) token.token());
    } else if (rules.stop() instanceof Stop.Above above) {
      said.say(DecoderKeys.STOP_ABOVE, (double) above.threshold());
    }
  }

  /** Says by its name which output ends a run, once all outputs have their names. */
  void describeStop(Description said) {
    if (rules.stop() instanceof Stop.Above above) {
      List<String> names = ModelFacts.of(network).predictionNames(said);
      int output = above.output();
      said.say(DecoderKeys.STOP_OUTPUT, output < names.size() ? names.get(output) : "y" + output);
    }
  }

  /**
   * The rules may leave it to the description how many inputs are not fed back.
   *
   * @param expected two for each input of the calendar
   */
  void refuseExtra(int expected, Refusals refusals) {
    if (rules.extra() != 0 && rules.extra() != expected) {
      refusals.mistake(
          DecoderKeys.CALENDAR.path(),
          "found %d inputs that are not fed back, expected %d, two for each of the calendar"
              .formatted(rules.extra(), expected));
    }
  }
}
