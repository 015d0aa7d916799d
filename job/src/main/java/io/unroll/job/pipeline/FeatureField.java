package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.operator.Transform;
import java.io.Serializable;

/**
 * One input of the model.
 *
 * @param field where its raw value is
 * @param transform what is done to it
 */
public record FeatureField(FieldPath field, Transform transform) implements Serializable {}
