package io.unroll.job.life;

import org.jspecify.annotations.Nullable;

/**
 * What a sequence's life goes by.
 *
 * @param boundaries what ends a sequence
 * @param emission when a prediction goes out
 * @param memory what is remembered of a series across its sequences; null for nothing
 * @param gap what happens where observations are missing; null for nothing
 * @param alone true where a decoder runs for each observation by itself, and nothing else does
 */
public record Rules(
    Boundaries boundaries,
    Emission emission,
    @Nullable SeriesMemory memory,
    @Nullable Gap gap,
    boolean alone) {}
