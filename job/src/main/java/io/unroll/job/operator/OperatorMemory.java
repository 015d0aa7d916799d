package io.unroll.job.operator;

import io.unroll.job.state.Counters;
import io.unroll.job.state.EvaluationSums;
import io.unroll.job.state.UnusableStateException;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.DoublePrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator remembers beside its series, in Flink's operator state: the watermark, the
 * counters and the sums of the evaluations, and with what model, kernel, transforms, order, window
 * and limits of time the series were written.
 */
final class OperatorMemory {
  private static final Logger LOGGER = LoggerFactory.getLogger(OperatorMemory.class);

  private final String model;
  private final String kernel;
  private final String transforms;
  private final String order;
  private final long window;
  private final String limits;
  private final long idleTimeoutMillis;
  private final Counters counters = new Counters();
  private final EvaluationSums evaluations = new EvaluationSums();
  private final ListState<Long> watermarkState;
  private final ListState<long[]> countersState;
  private final ListState<Map<String, double[]>> evaluationsState;
  private final ListState<String> modelState;
  private final ListState<String> kernelState;
  private final ListState<String> transformsState;
  private final ListState<String> orderState;
  private final ListState<Long> windowState;
  private final ListState<String> limitsState;
  private final ListState<Long> idleTimeoutState;

  /** The highest watermark below the end of time, from before a restore too. */
  private long watermark = Long.MIN_VALUE;

  private boolean limitsChanged;

  /**
   * Restores what there is.
   *
   * @param model id and fingerprint
   * @param kernel the name of the arithmetic
   * @param transforms of the features, in words
   * @param order of the observations, in a word
   * @param window inputs that each step runs, 0 for none
   * @param limits of time beside the idle timeout, in words
   * @throws UnusableStateException if the series were written by another model, with other
   *     transforms, in another order or with another window
   */
  OperatorMemory(
      StateInitializationContext context,
      String model,
      String kernel,
      String transforms,
      String order,
      int window,
      long idleTimeoutMillis,
      String limits)
      throws Exception {
    this.model = model;
    this.kernel = kernel;
    this.transforms = transforms;
    this.order = order;
    this.window = window;
    this.limits = limits;
    this.idleTimeoutMillis = idleTimeoutMillis;
    OperatorStateStore store = context.getOperatorStateStore();
    // These names are in every savepoint: they cannot change.
    watermarkState = union(store, "watermark", LongSerializer.INSTANCE);
    countersState =
        store.getListState(
            new ListStateDescriptor<>("counters", LongPrimitiveArraySerializer.INSTANCE));
    evaluationsState =
        store.getListState(
            new ListStateDescriptor<>(
                "evaluations",
                new MapSerializer<>(
                    StringSerializer.INSTANCE, DoublePrimitiveArraySerializer.INSTANCE)));
    modelState = union(store, "model", StringSerializer.INSTANCE);
    kernelState = union(store, "kernel", StringSerializer.INSTANCE);
    transformsState = union(store, "transforms", StringSerializer.INSTANCE);
    orderState = union(store, "order", StringSerializer.INSTANCE);
    windowState = union(store, "window", LongSerializer.INSTANCE);
    limitsState = union(store, "limits", StringSerializer.INSTANCE);
    idleTimeoutState = union(store, "idle-timeout", LongSerializer.INSTANCE);
    if (context.isRestored()) {
      restore();
    }
  }

  private static <T> ListState<T> union(
      OperatorStateStore store, String name, TypeSerializer<T> serializer) throws Exception {
    return store.getUnionListState(new ListStateDescriptor<>(name, serializer));
  }

  private void restore() throws Exception {
    for (long[] restored : countersState.get()) {
      counters.addAll(restored);
    }
    for (Map<String, double[]> restored : evaluationsState.get()) {
      evaluations.addAll(restored);
    }
    watermark = lowest(watermarkState.get());
    for (String restored : modelState.get()) {
      check("by model ", restored, model, "a hidden state means nothing to another model");
    }
    for (String restored :
        kernelState.get()) { // none in state that was written before there were two
      if (!restored.equals(kernel)) {
        LOGGER.warn(
            "the state was written on kernel {}, this job goes on on kernel {}: outputs differ from"
                + " those of a job without this change in their last digits (model.kernel)",
            restored,
            kernel);
      }
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
    for (long restored : idleTimeoutState.get()) {
      limitsChanged |= restored != idleTimeoutMillis;
    }
    for (String restored : orElse(limitsState, Boundaries.NONE.limits())) {
      limitsChanged |= !restored.equals(limits);
    }
  }

  /** State that was written before there was such a thing says nothing of it, and has none. */
  private <T> Iterable<T> orElse(ListState<T> state, T before) throws Exception {
    boolean written = modelState.get().iterator().hasNext();
    Iterable<T> restored = state.get();
    return restored.iterator().hasNext() || !written ? restored : List.of(before);
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

  /** Several subtasks wrote theirs: what none of them had passed is not late. */
  private static long lowest(Iterable<Long> watermarks) {
    long lowest = Long.MAX_VALUE;
    for (long restored : watermarks) {
      lowest = Math.min(lowest, restored);
    }
    return lowest == Long.MAX_VALUE ? Long.MIN_VALUE : lowest;
  }

  Counters counters() {
    return counters;
  }

  EvaluationSums evaluations() {
    return evaluations;
  }

  /** Epoch milliseconds; {@link Long#MIN_VALUE} before the first. */
  long watermark() {
    return watermark;
  }

  /** True if the timers that were restored stand where other limits of time put them. */
  boolean limitsChanged() {
    return limitsChanged;
  }

  /**
   * Takes a watermark. The end of time is said once, at the end of the input; a job resumed from
   * there has new input, which is not late for it.
   */
  void advance(long timestamp) {
    if (timestamp != Long.MAX_VALUE) {
      watermark = Math.max(watermark, timestamp);
    }
  }

  void snapshot() throws Exception {
    watermarkState.update(List.of(watermark));
    countersState.update(List.of(counters.toArray()));
    evaluationsState.update(List.of(evaluations.toMap()));
    modelState.update(List.of(model));
    kernelState.update(List.of(kernel));
    transformsState.update(List.of(transforms));
    orderState.update(List.of(order));
    windowState.update(List.of(window));
    limitsState.update(List.of(limits));
    idleTimeoutState.update(List.of(idleTimeoutMillis));
  }
}
