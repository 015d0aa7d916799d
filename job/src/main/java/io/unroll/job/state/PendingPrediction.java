package io.unroll.job.state;

/**
 * A prediction that waits for the observation that it is about.
 *
 * @param evaluation which of the job's evaluations it is for, from 0
 * @param due the observation of the series that it is about, counted as {@link
 *     SeriesRecord#observed}; not asked where there is a time
 * @param predicted the time that it is about, epoch milliseconds; {@code Prediction.NOT_PREDICTED}
 *     for none
 * @param value what was predicted
 * @param persistence the value that the last observation had; NaN for none
 * @param step of the prediction
 * @param made its timestamp, epoch milliseconds
 * @param sequence its sequence's id
 * @param origin of its observation
 * @param position of its observation
 */
public record PendingPrediction(
    int evaluation,
    long due,
    long predicted,
    double value,
    double persistence,
    long step,
    long made,
    String sequence,
    String origin,
    long position) {}
