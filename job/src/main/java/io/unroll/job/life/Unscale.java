package io.unroll.job.life;

import java.io.Serializable;

/**
 * An output that goes out in the unit of a field: scale and transform of a feature are undone. A
 * change becomes the value that it leads to from the last one.
 *
 * @param output its place among the model's outputs
 * @param feature the feature's place among the features
 */
public record Unscale(int output, int feature) implements Serializable {}
