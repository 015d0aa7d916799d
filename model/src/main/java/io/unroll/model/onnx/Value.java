package io.unroll.model.onnx;

/**
 * What the reader knows of an ONNX value: a constant, something that each step computes, or what a
 * loop over the steps counts and collects.
 */
sealed interface Value permits Tensor, StepValue, LoopValue {}
