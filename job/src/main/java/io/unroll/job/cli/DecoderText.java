package io.unroll.job.cli;

import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.life.Decoding;
import io.unroll.job.pipeline.FeatureField;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.StateBridge;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A decoder in words: what it is, how it is fed, where its state starts from. */
final class DecoderText {
  private DecoderText() {}

  /**
   * Adds its lines.
   *
   * @param encoder as it is served; not looked at where the decoder is alone
   */
  static void add(
      List<String> lines,
      Pipeline pipeline,
      Decoding decoding,
      RecurrentModel decoder,
      RecurrentModel encoder) {
    PipelineText.add(
        lines,
        "decoder",
        decoder.id() + ", " + PipelineText.bytes(decoder) + " of state while it runs");
    PipelineText.add(lines, "  starts", "from " + start(decoding, decoder, encoder));
    PipelineText.add(lines, "  is fed", fed(pipeline, decoding));
    PipelineText.add(lines, "  runs", steps(pipeline, decoding.rules()));
    if (decoding.everyMillis() != Decoding.UNTIMED) {
      PipelineText.add(
          lines,
          "  times",
          "every " + PipelineText.words(decoding.everyMillis()) + " after the last");
    }
  }

  private static String start(Decoding decoding, RecurrentModel decoder, RecurrentModel encoder) {
    if (decoding.alone()) {
      return "its own initial state";
    }
    if (decoding.states().isEmpty()) {
      return new StateBridge(encoder, decoder).needsOutput()
          ? "the encoder's output"
          : "the encoder's states, in their order";
    }
    return new TreeMap<>(decoding.states())
        .entrySet().stream()
            .map(e -> e.getKey() + " = the encoder's " + e.getValue())
            .collect(Collectors.joining(", "));
  }

  /** The feature that begins at a model input. */
  private static String name(List<FeatureField> features, int input) {
    int at = 0;
    for (FeatureField feature : features) {
      if (at == input) {
        return feature.feature().name();
      }
      at += feature.feature().inputs();
    }
    throw new IllegalArgumentException("no feature begins at model input " + input);
  }

  private static String fed(Pipeline pipeline, Decoding decoding) {
    DecoderRules rules = decoding.rules();
    First first = rules.first();
    String begin;
    if (first instanceof First.Token token) {
      begin = "token " + named(pipeline, token.token());
    } else if (first instanceof First.Zeros) {
      begin = "zeros";
    } else {
      begin =
          decoding.last().isEmpty()
              ? "the observation's features"
              : decoding.last().stream()
                      .map(i -> name(pipeline.observation().features(), i))
                      .collect(Collectors.joining(", "))
                  + " of the last observation";
    }
    String then =
        switch (rules.next()) {
          case OUTPUT -> "its output of the step before";
          case ARGMAX -> "the token of the step before";
          case ZEROS -> "zeros";
        };
    String calendar =
        decoding.calendar().stream()
            .map(c -> c.cycle().label() + " in " + c.zone())
            .collect(Collectors.joining(", "));
    return begin
        + ", then "
        + then
        + (calendar.isEmpty() ? "" : ", with " + calendar + " of the time predicted");
  }

  private static String steps(Pipeline pipeline, DecoderRules rules) {
    String most =
        String.format(Locale.ROOT, "%,d", rules.steps()).replace(',', ' ')
            + (rules.steps() == 1 ? " step" : " steps");
    if (rules.stop() instanceof DecoderRules.Stop.Token token) {
      return "until token " + named(pipeline, token.token()) + ", at most " + most;
    }
    return rules.stop() instanceof DecoderRules.Stop.Above above
        ? "until "
            + pipeline.description().of(DecoderKeys.STOP_OUTPUT)
            + " is above "
            + above.threshold()
            + ", at most "
            + most
        : most;
  }

  private static String named(Pipeline pipeline, int token) {
    return pipeline.tellsLabels() && token < pipeline.outputs().size()
        ? token + " (" + pipeline.outputs().get(token) + ")"
        : Integer.toString(token);
  }
}
