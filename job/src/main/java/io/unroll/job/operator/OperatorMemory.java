package io.unroll.job.operator;

import io.unroll.job.life.Boundaries;
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
import org.apache.flink.runtime.state.StateInitializationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator remembers beside its series, in Flink's operator state: the watermark, the
 * counters and the sums of the evaluations, and with what kernel and limits of time the series were
 * written. What they mean is in {@link SignatureState}.
 */
final class OperatorMemory {
  private static final Logger LOGGER = LoggerFactory.getLogger(OperatorMemory.class);

  private final SignatureState signature;
  private final String kernel;
  private final String limits;
  private final long idleTimeoutMillis;
  private final Counters counters = new Counters();
  private final EvaluationSums evaluations = new EvaluationSums();
  private final ListState<Long> watermarkState;
  private final CounterState countersState;
  private final ListState<Map<String, double[]>> evaluationsState;
  private final ListState<String> kernelState;
  private final ListState<String> limitsState;
  private final ListState<Long> idleTimeoutState;

  /** The highest watermark below the end of time, from before a restore too. */
  private long watermark = Long.MIN_VALUE;

  private boolean limitsChanged;

  /**
   * Restores what there is.
   *
   * @param signature what the series mean to this job
   * @param kernel the name of the arithmetic
   * @param limits of time beside the idle timeout, in words
   * @throws UnusableStateException if the series mean something else
   */
  OperatorMemory(
      StateInitializationContext context,
      SignatureState signature,
      String kernel,
      long idleTimeoutMillis,
      String limits)
      throws Exception {
    this.signature = signature;
    this.kernel = kernel;
    this.limits = limits;
    this.idleTimeoutMillis = idleTimeoutMillis;
    OperatorStateStore store = context.getOperatorStateStore();
    // These names are in every savepoint: they cannot change.
    watermarkState = union(store, "watermark", LongSerializer.INSTANCE);
    countersState = new CounterState(store);
    evaluationsState =
        store.getListState(
            new ListStateDescriptor<>(
                "evaluations",
                new MapSerializer<>(
                    StringSerializer.INSTANCE, DoublePrimitiveArraySerializer.INSTANCE)));
    kernelState = union(store, "kernel", StringSerializer.INSTANCE);
    limitsState = union(store, "limits", StringSerializer.INSTANCE);
    idleTimeoutState = union(store, "idle-timeout", LongSerializer.INSTANCE);
    if (context.isRestored()) {
      signature.compare();
      restore();
    }
  }

  private static <T> ListState<T> union(
      OperatorStateStore store, String name, TypeSerializer<T> serializer) throws Exception {
    return store.getUnionListState(new ListStateDescriptor<>(name, serializer));
  }

  private void restore() throws Exception {
    countersState.restoreTo(counters);
    for (Map<String, double[]> restored : evaluationsState.get()) {
      evaluations.addAll(restored);
    }
    watermark = lowest(watermarkState.get());
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
    for (long restored : idleTimeoutState.get()) {
      limitsChanged |= restored != idleTimeoutMillis;
    }
    boolean none = signature.isWritten(); // state from before there were any
    for (String restored : limitsState.get()) {
      none = false;
      limitsChanged |= !restored.equals(limits);
    }
    limitsChanged |= none && !limits.equals(Boundaries.NONE.limits());
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
    countersState.update(counters);
    evaluationsState.update(List.of(evaluations.toMap()));
    signature.snapshot();
    kernelState.update(List.of(kernel));
    limitsState.update(List.of(limits));
    idleTimeoutState.update(List.of(idleTimeoutMillis));
  }
}
