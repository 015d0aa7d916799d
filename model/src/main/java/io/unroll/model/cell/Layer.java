package io.unroll.model.cell;

/**
 * A line of {@code inspect}.
 *
 * @param kind the ONNX operator, or {@code Dense} for MatMul and Gemm
 * @param name the node's name in the file, empty for nodes that the reader added
 * @param inputs values read per row
 * @param outputs values written per row
 * @param activation the activation, empty where there is none to name
 * @param parameters trained numbers in the file
 */
public record Layer(
    String kind, String name, int inputs, int outputs, String activation, long parameters) {}
