/**
 * ONNX bytes to a {@code RecurrentModel}, or a precise refusal. Uses kernel, cell, the door and
 * ONNX's protobuf classes.
 *
 * <p>From the bottom: what the reader knows of a value ({@code Value}); operators, each of which
 * sees its node ({@code Call}) and of the graph around it a {@code GraphView}; their table ({@code
 * Operators}); what walks the graph ({@code Scope}, {@code Trace}) and the {@code Reader}.
 */
@NullMarked
package io.unroll.model.onnx;

import org.jspecify.annotations.NullMarked;
