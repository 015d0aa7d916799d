package io.unroll.job.verify;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Inputs in the order in which they are streamed, and what a model should give for them. */
public sealed interface Case permits CsvCase, GoldenCase {

  /** Names of the features, as messages call them. */
  List<String> featureNames();

  /** Names of the outputs, as messages call them. */
  List<String> outputNames();

  /** True if each step is compared, false if the last one of each series is. */
  boolean perStep();

  /** True if series start from states of their own, not the model's. */
  boolean hasInitialStates();

  /** What a series starts from (state size); null for the model's own initial state. */
  float @Nullable [] initialState(String series);

  /** Starts from the first input; may be called again. */
  Steps open() throws IOException, UnfitException;

  /** A step in words; a case without names has one series, whose name is empty. */
  static String at(String series, long step) {
    return (series.isEmpty() ? "" : "series " + series + " ") + "step " + step;
  }

  /** One run through the inputs. */
  interface Steps extends Closeable {

    /** The next input; null when all have been. */
    @Nullable Step next() throws IOException, UnfitException;

    /**
     * After the last input: what the last step of each series should give, for a case that compares
     * those.
     *
     * @param steps of each series, in the order in which they first came
     */
    List<End> ends(Map<String, Long> steps) throws IOException, UnfitException;
  }

  /**
   * One input.
   *
   * @param index from 0, in its series
   * @param place where it was read
   * @param input (features)
   * @param expected (outputs), or null where this step is not compared
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Step(
      String series, long index, String place, float[] input, float @Nullable [] expected) {}

  /**
   * What the last step of a series should give.
   *
   * @param expected (outputs)
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record End(String series, float[] expected) {}
}
