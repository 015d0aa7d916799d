package io.unroll.job.life;

import io.unroll.model.RecurrentModel;
import org.jspecify.annotations.Nullable;

/**
 * A model with everything that depends on which model it is: what it sees of an observation, its
 * rows, its decoder, the units of its outputs. The state of an open sequence names its model by the
 * fingerprint, and {@link ServedModels} finds it.
 */
public final class ServedModel {
  private static final float[] NO_STATE = {};

  private final String id;
  private final long fingerprint;
  private final Features features;
  private final Unscaler unscaler;
  private final boolean alone;
  private final @Nullable DecoderRuns decoder;
  private final Advance advance;
  private final Batch batch;

  private ServedModel(
      RecurrentModel model,
      Features features,
      Unscaler unscaler,
      boolean alone,
      @Nullable DecoderRuns decoder,
      int rows,
      Batch.Settler settler) {
    this.id = model.id();
    this.fingerprint = fingerprint(model);
    this.features = features;
    this.unscaler = unscaler;
    this.alone = alone;
    this.decoder = decoder;
    this.advance = new Advance(model, features, rows);
    this.batch = new Batch(advance, rows, settler);
  }

  /**
   * What a configuration serves.
   *
   * @param features of the configuration
   * @param model as it is served
   * @param decoder what runs when a prediction goes out; null without
   * @param rows that are to advance together at most; a wide state makes them fewer
   * @param settler takes what becomes of each row
   */
  public static ServedModel of(
      SequenceConfig config,
      Features features,
      RecurrentModel model,
      @Nullable DecoderRuns decoder,
      int rows,
      Batch.Settler settler) {
    return new ServedModel(
        model,
        features,
        new Unscaler(config.output().unscaled(), features),
        config.isAlone(),
        decoder,
        Advance.rows(model, rows),
        settler);
  }

  /** What the state of a series says of its model: the first eight bytes of the fingerprint. */
  static long fingerprint(RecurrentModel model) {
    return Long.parseUnsignedLong(model.fingerprint().substring(0, 16), 16);
  }

  /** What predictions and events call it. */
  String id() {
    return id;
  }

  /** What the state of a series calls it. */
  long fingerprint() {
    return fingerprint;
  }

  /** From an observation's values to the model's inputs. */
  Features features() {
    return features;
  }

  /** Of the outputs, which are the decoder's where there is one. */
  Unscaler unscaler() {
    return unscaler;
  }

  /**
   * The state that a sequence starts from; empty where each observation is decoded by itself.
   * (state)
   */
  float[] initialState() {
    return alone ? NO_STATE : advance.initialState();
  }

  /** What runs on from the state of a sequence when a prediction goes out; null without. */
  @Nullable DecoderRuns decoder() {
    return alone ? null : decoder;
  }

  /** What runs for each observation by itself; null where the model steps. */
  @Nullable DecoderRuns alone() {
    return alone ? decoder : null;
  }

  /** Where the results of its rows are found. */
  public Advance advance() {
    return advance;
  }

  /** Its rows that wait to advance together. */
  public Batch batch() {
    return batch;
  }

  /** False only if neither a row nor a decoder of that series waits. */
  public boolean mayHold(String series) {
    return batch.mayHold(series) || (decoder != null && decoder.holds(series));
  }

  /** Rows and decoders that wait. */
  public int waiting() {
    return batch.size() + (decoder == null ? 0 : decoder.size());
  }

  /** True if there is no room for another row, or for another decoder. */
  public boolean isFull() {
    return batch.isFull() || hasFullDecoder();
  }

  /** True if there is no room for another decoder. */
  public boolean hasFullDecoder() {
    return decoder != null && decoder.isFull();
  }

  /**
   * Advances every decoder that waits by one step.
   *
   * @return how many
   */
  public int decode() throws Exception {
    return decoder == null ? 0 : decoder.advance();
  }
}
