package io.unroll.job.operator;

import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.signature.Signature;
import io.unroll.job.state.UnusableStateException;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/**
 * The pipeline signature of whoever wrote the series, in Flink's operator state, and its comparison
 * with this job's at a restore.
 *
 * <p>State from before there were signatures has four states of its own in its place: what they say
 * is compared then. They are still written, so that an earlier version that is given this state
 * compares what it knows instead of taking it for state that says nothing.
 */
final class SignatureState {
  private final Signature signature;
  private final String model;
  private final String transforms;
  private final String order;
  private final long window;
  private final ListState<String> signatureState;
  private final ListState<String> modelState;
  private final ListState<String> transformsState;
  private final ListState<String> orderState;
  private final ListState<Long> windowState;

  /**
   * Names the states; {@link #compare} reads them.
   *
   * @param signature of this job
   * @param model id and fingerprint
   * @param transforms of the features, in words
   */
  SignatureState(
      OperatorStateStore store,
      Signature signature,
      String model,
      String transforms,
      SequenceConfig settings)
      throws Exception {
    this.signature = signature;
    this.model = model;
    this.transforms = transforms;
    this.order = settings.order().label();
    this.window = settings.window();
    // These names are in every savepoint: they cannot change.
    signatureState = union(store, "signature", StringSerializer.INSTANCE);
    modelState = union(store, "model", StringSerializer.INSTANCE);
    transformsState = union(store, "transforms", StringSerializer.INSTANCE);
    orderState = union(store, "order", StringSerializer.INSTANCE);
    windowState = union(store, "window", LongSerializer.INSTANCE);
  }

  private static <T> ListState<T> union(
      OperatorStateStore store, String name, TypeSerializer<T> serializer) throws Exception {
    return store.getUnionListState(new ListStateDescriptor<>(name, serializer));
  }

  /** Whether there is state that somebody wrote. */
  boolean isWritten() throws Exception {
    return modelState.get().iterator().hasNext();
  }

  /**
   * Holds this job against the one that wrote the state.
   *
   * @throws UnusableStateException if the state would mean something else here, with what differs
   *     and the ways out
   */
  void compare() throws Exception {
    Iterator<String> written = signatureState.get().iterator();
    if (!written.hasNext()) {
      compareWithoutSignature();
    }
    while (written.hasNext()) {
      String refusal;
      try {
        refusal = signature.refusal(Signature.parse(written.next()));
      } catch (IllegalArgumentException e) {
        throw new UnusableStateException("the state's signature: " + e.getMessage(), e);
      }
      if (refusal != null) {
        throw new UnusableStateException(refusal);
      }
    }
  }

  private void compareWithoutSignature() throws Exception {
    for (String restored : modelState.get()) {
      check("by model ", restored, model, "a hidden state means nothing to another model");
    }
    for (String restored : transformsState.get()) {
      check(
          "with the transforms ",
          restored,
          transforms,
          "what one remembers means nothing to another");
    }
    for (String restored : orElse(orderState, Order.ARRIVAL.label())) {
      check(
          "in order ",
          restored,
          order,
          "observations that are held back would be lost, or come out of order");
    }
    for (long restored : orElse(windowState, (long) SequenceConfig.STATEFUL)) {
      check(
          "with ",
          inWords(restored),
          inWords(window),
          "a hidden state and the inputs of a window mean nothing to each other, nor those of windows"
              + " of different lengths");
    }
  }

  /** State that was written before there was such a thing says nothing of it, and has none. */
  private <T> Iterable<T> orElse(ListState<T> state, T before) throws Exception {
    Iterable<T> restored = state.get();
    return restored.iterator().hasNext() || !isWritten() ? restored : List.of(before);
  }

  private static String inWords(long window) {
    return window == SequenceConfig.STATEFUL ? "no window" : "a window of " + window + " inputs";
  }

  private static void check(String written, String found, String expected, String why) {
    if (!found.equals(expected)) {
      throw new UnusableStateException(
          "state was written "
              + written
              + found
              + ", this job has "
              + expected
              + ": "
              + why
              + "; start without the old state");
    }
  }

  void snapshot() throws Exception {
    signatureState.update(List.of(signature.text()));
    modelState.update(List.of(model));
    transformsState.update(List.of(transforms));
    orderState.update(List.of(order));
    windowState.update(List.of(window));
  }
}
