package io.unroll.job.describe;

import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.Feedback;
import io.unroll.model.unroll.StateBridge;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds a decoder's rules against each other, its network and the encoder, each key by itself. */
final class DecoderCheck {
  private final Description description;
  private final Complaints complaints;

  DecoderCheck(Description description, Complaints complaints) {
    this.description = description;
    this.complaints = complaints;
  }

  /** What can be told without the network. */
  void withoutNetwork() {
    if (Checks.isAlone(description)) {
      if (!Decoders.states(description).isEmpty()) {
        complaints.mistake(
            DecoderKeys.STATES.path(),
            "found without an encoder, expected model.encoder beside the decoder: alone it starts from"
                + " its own initial state");
      }
      if (description.says(DecoderKeys.FIRST_LAST)) {
        complaints.mistake(
            DecoderKeys.FIRST_LAST.path(),
            "found without an encoder, expected first: input: an observation is all there is, and"
                + " observation.features chooses of it");
      }
    } else {
      last();
    }
    if (description.says(DecoderKeys.STOP_TOKEN)
        && description.of(DecoderKeys.NEXT) != Next.ARGMAX
        && !complaints.isWrong(DecoderKeys.NEXT.path())) {
      complaints.mistake(
          DecoderKeys.STOP_TOKEN.path(),
          "found "
              + description.get(DecoderKeys.STOP_TOKEN)
              + ", expected next: argmax beside stop, which has tokens");
    }
    if (!Decoders.calendar(description).isEmpty()
        && !complaints.isSaid(description, DecoderKeys.EVERY)) {
      complaints.mistake(
          DecoderKeys.CALENDAR.path(),
          "found without every, expected it beside: they are of the times predicted");
    }
  }

  private void last() {
    List<String> names = Decoders.last(description);
    String key = DecoderKeys.FIRST_LAST.path();
    boolean otherwise =
        description.says(DecoderKeys.FIRST_TOKEN)
            || description.get(DecoderKeys.FIRST) == DecoderKeys.First.ZEROS;
    if (!names.isEmpty() && otherwise) {
      complaints.mistake(
          key, "found beside a first step that is fed something else, expected first: input");
      return;
    }
    List<DescribedFeature> features = Checks.features(description, complaints);
    if (features != null) {
      List<String> paths = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        paths.add(key + "[" + i + "]");
      }
      Features.checkEach(complaints, paths, names, features);
    }
  }

  /**
   * Reports what does not fit the network.
   *
   * @param features null if they are wrong in themselves
   * @param outputs names of the network's outputs; null if they are not known
   * @param encoder as it is served; null where it is not known, or there is none
   */
  void against(
      RecurrentModel network,
      @Nullable List<DescribedFeature> features,
      @Nullable List<String> outputs,
      @Nullable RecurrentModel encoder) {
    feedback(network);
    stop(network, outputs);
    if (features != null) {
      first(network, features);
    }
    String states = DecoderKeys.STATES.path();
    if (encoder != null && !complaints.isWrong(states)) {
      fits(states, () -> new StateBridge(encoder, network, Decoders.states(description)));
    }
  }

  /** Each rule beside others that fit any network. */
  private void feedback(RecurrentModel network) {
    if (complaints.isWrong(DecoderKeys.CALENDAR.path())) {
      return; // what is fed is not known
    }
    First zeros = new First.Zeros();
    if (!fits(DecoderKeys.CALENDAR.path(), network, zeros, Next.ZEROS)) {
      return;
    }
    if (!complaints.isWrong(DecoderKeys.FIRST.path())) {
      fits(DecoderKeys.FIRST.path(), network, Decoders.first(description), Next.ZEROS);
    }
    if (!complaints.isWrong(DecoderKeys.NEXT.path())) {
      fits(DecoderKeys.NEXT.path(), network, zeros, description.of(DecoderKeys.NEXT));
    }
  }

  private void stop(RecurrentModel network, @Nullable List<String> outputs) {
    Long token = description.get(DecoderKeys.STOP_TOKEN);
    String output = description.get(DecoderKeys.STOP_OUTPUT);
    if (token != null) {
      if (token >= network.outputSize()) {
        complaints.mistake(
            DecoderKeys.STOP_TOKEN.path(),
            "decoder '%s': stop token: found %d, expected 0 to %d, its outputs"
                .formatted(network.name(), token, network.outputSize() - 1));
      }
    } else if (output != null && outputs != null && !outputs.contains(output)) {
      complaints.mistake(
          DecoderKeys.STOP_OUTPUT.path(),
          "found "
              + Found.quoted(output)
              + ", expected an output of decoder '"
              + network.name()
              + "', "
              + Found.oneOf(outputs)
              + Found.didYouMean(Spelling.closest(output, outputs)));
    }
  }

  /**
   * As many features as the network is fed; where it is alone, the features are held against it.
   */
  private void first(RecurrentModel network, List<DescribedFeature> features) {
    if (Checks.isAlone(description)
        || !Decoders.beginsWithInput(description)
        || complaints.isWrong(DecoderKeys.FIRST.path())
        || complaints.isWrong(DecoderKeys.CALENDAR.path())) {
      return;
    }
    List<String> last = Decoders.last(description);
    boolean all = last.isEmpty();
    int found = all ? Features.inputs(features) : last.size();
    int fed = network.inputSize() - Decoders.extra(description);
    if (found != fed) {
      complaints.mistake(
          (all ? DecoderKeys.FIRST : DecoderKeys.FIRST_LAST).path(),
          "found %s, expected %d, which decoder '%s' is fed%s"
              .formatted(
                  all ? Features.count(features) : Features.counted(found, "feature"),
                  fed,
                  network.name(),
                  all ? ": {last: [feature, ...]} chooses" : ""));
    }
  }

  private boolean fits(String key, RecurrentModel network, First first, Next next) {
    DecoderRules rules = new DecoderRules(first, next, 1, null, Decoders.extra(description));
    return fits(key, () -> new Feedback(rules, network));
  }

  private boolean fits(String key, Runnable fit) {
    try {
      fit.run();
      return true;
    } catch (IllegalArgumentException e) {
      complaints.mistake(key, Found.reason(e));
      return false;
    }
  }
}
