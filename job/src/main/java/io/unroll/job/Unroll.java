package io.unroll.job;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.operator.Boundaries;
import io.unroll.job.operator.CloseAt;
import io.unroll.job.operator.Emission;
import io.unroll.job.operator.Emit;
import io.unroll.job.operator.Feature;
import io.unroll.job.operator.Operators;
import io.unroll.job.operator.Order;
import io.unroll.job.operator.Outputs;
import io.unroll.job.operator.SequenceClock;
import io.unroll.job.operator.SequenceConfig;
import io.unroll.job.operator.Transform;
import io.unroll.job.operator.Tuning;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The operator on a stream of one's own.
 *
 * <pre>{@code
 * Unroll.Streams unrolled =
 *     Unroll.model(OnnxFile.load(Path.of("next-close.onnx")))
 *         .feature("close", Transform.logReturn(100))
 *         .idleTimeout(Duration.ofDays(7))
 *         .apply("ticks", observations);
 * unrolled.predictions().sinkTo(...);
 * }</pre>
 *
 * <p>The stream needs watermarks if sequences are to time out; the operator goes by {@link
 * Observation#timestamp}. One instance may be applied several times, under different names.
 */
public final class Unroll {
  private final OnnxFile file;
  private final RecurrentModel model;
  private final List<Feature> features = new ArrayList<>();
  private Boundaries boundaries = Boundaries.NONE;
  private Emission emission = Emission.EVERY_STEP;
  private Order order = Order.ARRIVAL;
  private int window = SequenceConfig.STATEFUL;
  private Tuning tuning = Tuning.best();

  private Unroll(OnnxFile file, RecurrentModel model) {
    this.file = file;
    this.model = model;
  }

  /**
   * Starts from a model. One that has several outputs, or is a graph over one step with named
   * states, says so itself: {@link OnnxFile#withOutput}, {@link OnnxFile#withStates}.
   *
   * @throws OnnxException if it cannot be streamed
   */
  public static Unroll model(OnnxFile file) throws OnnxException {
    return new Unroll(file, file.read());
  }

  /** Names the next input of the model, which sees it as it is. */
  public Unroll feature(String name) {
    return feature(name, Transform.NONE);
  }

  /** Names the next input of the model, and what happens to it before. */
  public Unroll feature(String name, Transform transform) {
    features.add(new Feature(name, transform));
    return this;
  }

  /** Closes a sequence this long (event time) after its last timestamp. Without it, never. */
  public Unroll idleTimeout(Duration timeout) {
    boundaries = boundaries.withIdleTimeout(timeout.toMillis());
    return this;
  }

  /** Closes a sequence this long after its first timestamp. Without it, never. */
  public Unroll maxDuration(Duration duration) {
    boundaries = boundaries.withMaxDuration(duration.toMillis());
    return this;
  }

  /** Closes whatever sequence is open at a time of day. Without it, none. */
  public Unroll closeAt(LocalTime time, ZoneId zone) {
    boundaries = boundaries.withCloseAt(new CloseAt(time, zone));
    return this;
  }

  /** A sequence of fewer steps closes without a prediction. */
  public Unroll minSteps(long steps) {
    boundaries = boundaries.withMinSteps(steps);
    return this;
  }

  /** Says which clock the limits of time go by: that of the events by default. */
  public Unroll clock(SequenceClock clock) {
    boundaries = boundaries.withClock(clock);
    return this;
  }

  /** Says in which order a series' observations step: as they come by default. */
  public Unroll order(Order wanted) {
    order = wanted;
    return this;
  }

  /** Closes a sequence after so many steps. Without it, never. */
  public Unroll maxSteps(long steps) {
    boundaries = boundaries.withMaxSteps(steps);
    return this;
  }

  /**
   * Serves each step by running the last inputs from the initial state, for a model trained on
   * windows of so many. Without it, or with 0, a step goes on from the state that the one before
   * left.
   */
  public Unroll window(int inputs) {
    window = inputs;
    return this;
  }

  /** Says when predictions go out; after every step by default. */
  public Unroll emit(Emit when) {
    emission = new Emission(when, 1);
    return this;
  }

  /** Lets predictions go out after every so many steps. */
  public Unroll emitEvery(long steps) {
    emission = new Emission(Emit.STEP, steps);
    return this;
  }

  /**
   * Lets observations of different series wait and advance together; no prediction depends on it.
   *
   * @param size the most series, 1 for each observation at once; 64 by default
   * @param delay how long an observation waits for others, at least 1 ms; 2 ms by default
   */
  public Unroll batch(int size, Duration delay) {
    tuning = tuning.withBatch(size, delay.toMillis());
    return this;
  }

  /** Room for live series in front of RocksDB, in bytes per slot; 64 MiB by default, 0 for none. */
  public Unroll cache(long bytes) {
    tuning = tuning.withCache(bytes);
    return this;
  }

  /**
   * Names the arithmetic of every slot; by default the fastest that this JVM can run.
   *
   * @throws IllegalArgumentException when there is none of that name, or this JVM cannot run it
   */
  public Unroll kernel(String name) {
    tuning = tuning.withKernel(Kernels.named(name).name());
    return this;
  }

  /**
   * Adds the operator to a job.
   *
   * @param name of the job's part: prefix of uid and names, unique in the job, never to be changed
   *     while state is to be restored
   * @param observations features in the order named; without any named, in the model's order
   * @throws IllegalArgumentException if the features are not as many as the model takes, or the
   *     environment is set to BATCH
   */
  public Streams apply(String name, DataStream<Observation> observations) {
    List<Feature> named = features.isEmpty() ? modelFeatures() : features;
    if (named.size() != model.inputSize()) {
      throw new IllegalArgumentException(
          "features: found "
              + named.size()
              + ", expected "
              + model.inputSize()
              + ", which model "
              + model.name()
              + " takes");
    }
    refuseBatch(observations.getExecutionEnvironment());
    SingleOutputStreamOperator<Prediction> predictions =
        Operators.sequences(
            name,
            observations,
            SequenceConfig.of(file, named)
                .with(boundaries)
                .with(emission)
                .with(order)
                .withWindow(window)
                .with(tuning));
    return new Streams(
        predictions,
        predictions.getSideOutput(Outputs.SEQUENCES),
        predictions.getSideOutput(Outputs.REJECTED),
        predictions.getSideOutput(Outputs.LATE));
  }

  private List<Feature> modelFeatures() {
    List<Feature> result = new ArrayList<>();
    for (int i = 0; i < model.inputSize(); i++) {
      result.add(
          Feature.raw(i < model.featureNames().size() ? model.featureNames().get(i) : "x" + i));
    }
    return result;
  }

  private static void refuseBatch(StreamExecutionEnvironment env) {
    RuntimeExecutionMode mode = env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE);
    if (mode != RuntimeExecutionMode.STREAMING) {
      throw new IllegalArgumentException(
          "execution.runtime-mode: found "
              + mode
              + ", expected STREAMING: in BATCH mode Flink drops the state of a series at every"
              + " change of key");
    }
  }

  /**
   * What comes out.
   *
   * @param predictions the model's outputs
   * @param sequences openings and closings
   * @param rejected records that could not be used, with the reason
   * @param late observations that found their sequence closed by time
   */
  public record Streams(
      SingleOutputStreamOperator<Prediction> predictions,
      DataStream<SequenceEvent> sequences,
      DataStream<Rejected> rejected,
      DataStream<Rejected> late) {}
}
