package io.unroll.model.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the slots of the state hang together with the graph's inputs and the step's registers. Only
 * whole slots count whose floats stand side by side, in their order.
 */
final class StateLinks {
  /**
   * What a slot starts from.
   *
   * @param at place of the slot's floats in that graph input
   */
  record Start(int slot, String input, int at) {}

  private final List<Start> starts = new ArrayList<>();
  private final Map<Integer, List<Integer>> slotsInRegister = new HashMap<>();

  /**
   * A slot starts from this value of the graph.
   *
   * @param length floats of the slot
   */
  void start(int slot, int length, Tensor value) {
    Tensor ofOneSeries = value.cut(); // every series has the same elements
    String input = value.origin();
    if (input == null || ofOneSeries.count() != length) {
      return;
    }
    long[] places = ofOneSeries.toLongs();
    for (int i = 1; i < length; i++) {
      if (places[i] != places[0] + i) {
        return;
      }
    }
    starts.add(new Start(slot, input, Math.toIntExact(places[0])));
  }

  /** A step leaves a slot's next value in this register. */
  void end(int slot, int register) {
    slotsInRegister.putIfAbsent(register, List.of(slot));
  }

  /** What slots start from. */
  List<Start> starts() {
    return starts;
  }

  /**
   * The slots that a register holds after the step, one behind the other; null where it does not.
   */
  @Nullable List<Integer> slotsIn(int register) {
    return slotsInRegister.get(register);
  }

  /** A register holds the slots of these registers, one behind the other. */
  void join(int register, List<Integer> slots) {
    slotsInRegister.putIfAbsent(register, slots);
  }
}
