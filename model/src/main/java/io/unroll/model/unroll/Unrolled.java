package io.unroll.model.unroll;

/**
 * What a network made of a batch of sequences.
 *
 * @param outputs [batch][step][output], zeros past a sample's end. The outputs of a model that
 *     gives one vector per sequence are that vector as if the sequence ended with the step
 * @param finalStates [batch][state], after each sample's last step
 * @param lastOutputs [batch][output], the output of each sample's last step, zeros when it has none
 */
@SuppressWarnings("ArrayRecordComponent") // results handed over once, never compared as a whole
public record Unrolled(float[][][] outputs, float[][] finalStates, float[][] lastOutputs) {}
