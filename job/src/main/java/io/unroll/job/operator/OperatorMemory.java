package io.unroll.job.operator;

import io.unroll.job.state.Counters;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator remembers beside its series, in Flink's operator state: the watermark and the
 * counters, and with what model, kernel, transforms, window and idle timeout the series were
 * written.
 */
final class OperatorMemory {
  private static final Logger LOGGER = LoggerFactory.getLogger(OperatorMemory.class);

  private final String model;
  private final String kernel;
  private final String transforms;
  private final long window;
  private final long idleTimeoutMillis;
  private final Counters counters = new Counters();
  private final ListState<Long> watermarkState;
  private final ListState<long[]> countersState;
  private final ListState<String> modelState;
  private final ListState<String> kernelState;
  private final ListState<String> transformsState;
  private final ListState<Long> windowState;
  private final ListState<Long> idleTimeoutState;

  /** The highest watermark below the end of time, from before a restore too. */
  private long watermark = Long.MIN_VALUE;

  private boolean idleTimeoutChanged;

  /**
   * Restores what there is.
   *
   * @param model id and fingerprint
   * @param kernel the name of the arithmetic
   * @param transforms of the features, in words
   * @param window inputs that each step runs, 0 for none
   * @throws IllegalStateException if the series were written by another model, with other
   *     transforms or with another window
   */
  OperatorMemory(
      StateInitializationContext context,
      String model,
      String kernel,
      String transforms,
      int window,
      long idleTimeoutMillis)
      throws Exception {
    this.model = model;
    this.kernel = kernel;
    this.transforms = transforms;
    this.window = window;
    this.idleTimeoutMillis = idleTimeoutMillis;
    OperatorStateStore store = context.getOperatorStateStore();
    // These names are in every savepoint: they cannot change.
    watermarkState = union(store, "watermark", LongSerializer.INSTANCE);
    countersState =
        store.getListState(
            new ListStateDescriptor<>("counters", LongPrimitiveArraySerializer.INSTANCE));
    modelState = union(store, "model", StringSerializer.INSTANCE);
    kernelState = union(store, "kernel", StringSerializer.INSTANCE);
    transformsState = union(store, "transforms", StringSerializer.INSTANCE);
    windowState = union(store, "window", LongSerializer.INSTANCE);
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
    for (long restored : restoredWindows()) {
      check(
          "with ",
          inWords(restored),
          inWords(window),
          "a hidden state and the inputs of a window mean nothing to each other, nor those of windows"
              + " of different lengths");
    }
    for (long restored : idleTimeoutState.get()) {
      idleTimeoutChanged |= restored != idleTimeoutMillis;
    }
  }

  /** State that was written before there were windows says nothing of them, and has none. */
  private Iterable<Long> restoredWindows() throws Exception {
    boolean written = modelState.get().iterator().hasNext();
    Iterable<Long> restored = windowState.get();
    return restored.iterator().hasNext() || !written
        ? restored
        : List.of((long) SequenceConfig.STATEFUL);
  }

  private static String inWords(long window) {
    return window == SequenceConfig.STATEFUL ? "no window" : "a window of " + window + " inputs";
  }

  private static void check(String written, String found, String expected, String why) {
    if (!found.equals(expected)) {
      throw new IllegalStateException(
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

  /** Epoch milliseconds; {@link Long#MIN_VALUE} before the first. */
  long watermark() {
    return watermark;
  }

  /** True if the timers that were restored stand where another idle timeout put them. */
  boolean idleTimeoutChanged() {
    return idleTimeoutChanged;
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
    modelState.update(List.of(model));
    kernelState.update(List.of(kernel));
    transformsState.update(List.of(transforms));
    windowState.update(List.of(window));
    idleTimeoutState.update(List.of(idleTimeoutMillis));
  }
}
