package io.unroll.job.pipeline;

import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.Feedback;
import io.unroll.model.unroll.StateBridge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds a decoder's rules against its network and against the encoder, each key by itself. */
final class DecoderCheck {
  private static final String KEY = "model.decoder.";

  private final Findings findings;
  private final Pipeline.Decoder decoder;
  private final RecurrentModel network;

  private DecoderCheck(Findings findings, Pipeline.Decoder decoder, RecurrentModel network) {
    this.findings = findings;
    this.decoder = decoder;
    this.network = network;
  }

  /**
   * Reports what does not fit.
   *
   * @param features null if they are wrong in themselves
   * @param outputs names of the network's outputs; null if they are not known
   * @param encoder as it is served; null where it is not known, or there is none
   */
  static void check(
      Findings findings,
      Pipeline.Decoder decoder,
      RecurrentModel network,
      @Nullable List<FeatureField> features,
      @Nullable List<String> outputs,
      @Nullable RecurrentModel encoder) {
    DecoderCheck check = new DecoderCheck(findings, decoder, network);
    check.feedback();
    check.stop(outputs);
    if (features != null) {
      check.first(features);
    }
    if (encoder != null && !findings.isWrong(KEY + "state")) {
      check.fits("state", () -> new StateBridge(encoder, network, decoder.states()));
    }
  }

  /** Each rule beside others that fit any network. */
  private void feedback() {
    if (findings.isWrong(KEY + "features")) {
      return; // what is fed is not known
    }
    First zeros = new First.Zeros();
    if (!fits("features", zeros, Next.ZEROS)) {
      return;
    }
    fits("first", decoder.first(), Next.ZEROS);
    if (!findings.isWrong(KEY + "next")) {
      fits("next", zeros, decoder.next());
    }
  }

  private void stop(@Nullable List<String> outputs) {
    if (decoder.stop() instanceof Pipeline.Stop.Token stop) {
      if (stop.token() >= network.outputSize()) {
        findings.mistake(
            KEY + "stop.token",
            "decoder '%s': stop token: found %d, expected 0 to %d, its outputs"
                .formatted(network.name(), stop.token(), network.outputSize() - 1));
      }
    } else if (decoder.stop() instanceof Pipeline.Stop.Above stop
        && outputs != null
        && !outputs.contains(stop.output())) {
      findings.mistake(
          KEY + "stop.output",
          "found "
              + Found.quoted(stop.output())
              + ", expected an output of decoder '"
              + network.name()
              + "', "
              + Found.oneOf(outputs)
              + Found.didYouMean(Spelling.closest(stop.output(), outputs)));
    }
  }

  /**
   * As many features as the network is fed; where it is alone, the features are held against it.
   */
  private void first(List<FeatureField> features) {
    if (decoder.alone()
        || !(decoder.first() instanceof First.Input)
        || findings.isWrong(KEY + "first")
        || findings.isWrong(KEY + "features")) {
      return;
    }
    boolean all = decoder.last().isEmpty();
    int found = all ? FeatureField.inputs(features) : decoder.last().size();
    int fed = network.inputSize() - decoder.extra();
    if (found != fed) {
      findings.mistake(
          all ? KEY + "first" : KEY + "first.last",
          "found %s, expected %d, which decoder '%s' is fed%s"
              .formatted(
                  all ? FeatureField.count(features) : ModelCheck.count(found, "feature"),
                  fed,
                  network.name(),
                  all ? ": {last: [feature, ...]} chooses" : ""));
    }
  }

  private boolean fits(String key, First first, Next next) {
    DecoderRules rules = new DecoderRules(first, next, 1, null, decoder.extra());
    return fits(key, () -> new Feedback(rules, network));
  }

  private boolean fits(String key, Runnable fit) {
    try {
      fit.run();
      return true;
    } catch (IllegalArgumentException e) {
      findings.mistake(KEY + key, Found.reason(e));
      return false;
    }
  }
}
