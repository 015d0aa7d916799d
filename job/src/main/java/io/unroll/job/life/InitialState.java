package io.unroll.job.life;

import java.io.Serializable;

/**
 * What a sequence starts from, instead of what the model says.
 *
 * @param values in the order of the model's state layout, finite (state)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record InitialState(float[] values) implements Serializable {}
