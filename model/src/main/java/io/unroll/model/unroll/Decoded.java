package io.unroll.model.unroll;

/**
 * What a decoder made of one start.
 *
 * @param outputs [step][output]; the step that stopped it is the last
 * @param tokens [step], the index of each step's largest output where that is fed back, else empty
 * @param stopped whether its rules' stop ended it; false: it ran all its steps
 */
@SuppressWarnings("ArrayRecordComponent") // results handed over once, never compared as a whole
public record Decoded(float[][] outputs, int[] tokens, boolean stopped) {}
