/**
 * A step graph to ONNX bytes over whole sequences. Uses kernel, cell and ONNX's protobuf classes.
 */
@NullMarked
package io.unroll.model.export;

import org.jspecify.annotations.NullMarked;
