package io.unroll.job.describe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An output that is held against what comes true.
 *
 * @param output by its name
 * @param against a feature by its name, or a field that no feature is
 * @param ahead how many observations ahead the output looks, or which step of a decoder it is
 * @param from predictions made before are left out; null: none is
 */
public record DescribedEvaluation(
    String output, String against, long ahead, @Nullable Instant from) {}
