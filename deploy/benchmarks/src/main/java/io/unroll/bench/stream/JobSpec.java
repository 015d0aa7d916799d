package io.unroll.bench.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.bench.fork.ForkedJvm;
import io.unroll.bench.fork.MeasurementException;
import io.unroll.job.life.Tuning;
import java.nio.file.Path;
import java.util.Map;

/**
 * One job to be measured: generated observations, keyed by series, one slot.
 *
 * @param operator what the observations go through
 * @param backend where its state lives
 * @param neurons of the LSTM (8 inputs, its output is h)
 * @param series how many are live; after one round of all of them they come at random
 * @param kernel of ours, by name
 * @param batch rows that advance together, in ours
 * @param cacheBytes in front of RocksDB, in ours
 * @param warmSeconds before each window, at least
 * @param seconds of each window
 * @param checkpointSeconds between checkpoints; 0 for none
 * @param snapshot whether one checkpoint is taken and weighed
 * @param latency whether a second window at half the rate measures latency
 */
public record JobSpec(
    Operator operator,
    Backend backend,
    int neurons,
    int series,
    String kernel,
    int batch,
    long cacheBytes,
    double warmSeconds,
    double seconds,
    double checkpointSeconds,
    boolean snapshot,
    boolean latency) {

  /** What the observations go through. */
  public enum Operator {
    /** A state value of the same bytes read and written, and no model. */
    CEILING,
    /** Unroll's operator. */
    OURS,
    /** ONNX Runtime for each event. */
    EVENT,
    /** Unroll's operator; all sequences are closed by one watermark. */
    CLOSING,
    /** The same with a decoder, which runs as each of them closes. */
    CLOSING_DECODED;

    /** Whether closing is what is measured. */
    public boolean closes() {
      return this == CLOSING || this == CLOSING_DECODED;
    }
  }

  /** Where state lives, in Flink's words. */
  public enum Backend {
    HASHMAP,
    ROCKSDB
  }

  /** Steps of the decoder, an LSTM of as many neurons that is fed its own outputs. */
  public static final int DECODED_STEPS = 5;

  /** Observations a second in the first window, as fast as they go. */
  public static final String EVENTS = "events/s";

  /** Latency at half of {@link #EVENTS}, from the intended time to the sink, milliseconds. */
  public static final String P50 = "p50 ms";

  public static final String P99 = "p99 ms";
  public static final String P999 = "p99.9 ms";

  /** How long the operator works before it lets a barrier pass, milliseconds. */
  public static final String PAUSE = "pause p99 ms";

  /** Bytes of a whole checkpoint, and how long it took. */
  public static final String CHECKPOINT_BYTES = "checkpoint bytes";

  public static final String CHECKPOINT_SECONDS = "checkpoint s";

  /** From a watermark's departure to the last sequence that it closes, milliseconds. */
  public static final String CLOSED = "closed ms";

  /** From a checkpoint's trigger behind that watermark to its barrier in the operator. */
  public static final String BARRIER = "barrier ms";

  /** Ours with its own batch and cache, no checkpoints, on the heap. */
  public static JobSpec ours(String kernel, int neurons, int series, double warm, double window) {
    return new JobSpec(
        Operator.OURS,
        Backend.HASHMAP,
        neurons,
        series,
        kernel,
        Tuning.BATCH_SIZE,
        Tuning.CACHE_BYTES,
        warm,
        window,
        0,
        false,
        false);
  }

  public JobSpec through(Operator other) {
    return new JobSpec(
        other,
        backend,
        neurons,
        series,
        kernel,
        batch,
        cacheBytes,
        warmSeconds,
        seconds,
        checkpointSeconds,
        snapshot,
        latency);
  }

  public JobSpec on(Backend other) {
    return new JobSpec(
        operator,
        other,
        neurons,
        series,
        kernel,
        batch,
        cacheBytes,
        warmSeconds,
        seconds,
        checkpointSeconds,
        snapshot,
        latency);
  }

  /** With another warm-up. */
  public JobSpec warmed(double warm) {
    return new JobSpec(
        operator,
        backend,
        neurons,
        series,
        kernel,
        batch,
        cacheBytes,
        warm,
        seconds,
        checkpointSeconds,
        snapshot,
        latency);
  }

  /** With another window. */
  public JobSpec windowOf(double window) {
    return new JobSpec(
        operator,
        backend,
        neurons,
        series,
        kernel,
        batch,
        cacheBytes,
        warmSeconds,
        window,
        checkpointSeconds,
        snapshot,
        latency);
  }

  /** By another kernel. */
  public JobSpec by(String other) {
    return new JobSpec(
        operator,
        backend,
        neurons,
        series,
        other,
        batch,
        cacheBytes,
        warmSeconds,
        seconds,
        checkpointSeconds,
        snapshot,
        latency);
  }

  /** With a checkpoint at least once in every window. */
  public JobSpec checkpointEvery(double every) {
    return new JobSpec(
        operator,
        backend,
        neurons,
        series,
        kernel,
        batch,
        cacheBytes,
        warmSeconds,
        seconds,
        every,
        snapshot,
        latency);
  }

  /**
   * With more measured after the rate.
   *
   * @param weigh whether one checkpoint is taken and weighed
   * @param delay whether latency at half the rate is measured
   */
  public JobSpec weighed(boolean weigh, boolean delay) {
    return new JobSpec(
        operator,
        backend,
        neurons,
        series,
        kernel,
        batch,
        cacheBytes,
        warmSeconds,
        seconds,
        checkpointSeconds,
        weigh,
        delay);
  }

  /**
   * Runs it in a JVM of its own.
   *
   * @param what for messages and the log's name
   */
  public Map<String, Double> measure(String what, Path folder, int heapMegabytes)
      throws MeasurementException, InterruptedException {
    // The rate, and latency, which is warmed twice as long.
    double measured = 3 * warmSeconds + 2 * seconds;
    return ForkedJvm.measure(
        what,
        folder,
        heapMegabytes,
        ForkedJvm.deadline(measured),
        StreamRun.class,
        json(),
        folder.toString());
  }

  String json() {
    try {
      return new ObjectMapper().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static JobSpec parse(String json) {
    try {
      return new ObjectMapper().readValue(json, JobSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a job: " + json, e);
    }
  }
}
