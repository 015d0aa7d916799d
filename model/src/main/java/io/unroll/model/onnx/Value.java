package io.unroll.model.onnx;

/** What the reader knows of an ONNX value: a constant, or something that each step computes. */
sealed interface Value permits Tensor, StepValue {}
