/**
 * ONNX bytes to a {@code RecurrentModel}, or a precise refusal. Uses kernel, cell, the door and
 * ONNX's protobuf classes.
 */
@NullMarked
package io.unroll.model.onnx;

import org.jspecify.annotations.NullMarked;
