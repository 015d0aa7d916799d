package io.unroll.model.cell;

/**
 * One node of a {@link StepGraph}: reads registers and state, writes registers or state. Immutable;
 * a register is a (rows, width) block of a {@link Frame}.
 */
public sealed interface Node
    permits RecurrentCell,
        Dense,
        Apply,
        Choose,
        Combine,
        CombineConstant,
        Embed,
        Join,
        Literal,
        Normalize,
        Pick,
        ReadState,
        Reduce,
        Softmax,
        Window,
        WriteState {

  /** Computes the rows of this node's register. Reads the frame's state, writes its next state. */
  void run(Frame frame, int rows);

  /** What {@code inspect} says of this node. */
  Layer layer();
}
