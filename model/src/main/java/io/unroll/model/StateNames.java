package io.unroll.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model's ONNX graph calls its state, besides the names of the slots.
 *
 * @param starts graph inputs that states start from, to where the slots stand in them
 * @param ends graph outputs that hold states as a step leaves them, to where the slots stand in
 *     them
 * @param output the graph output that is the model's output; empty where no graph names it
 */
public record StateNames(
    Map<String, List<Part>> starts, Map<String, List<Part>> ends, String output) {

  /** Of a model whose slots have no other names. */
  public static final StateNames NONE = ofOutput("");

  /**
   * A slot within a value of the graph. PyTorch's {@code h0} (layers, batch, neurons) has one slot
   * per layer, each {@code neurons} behind the one before.
   *
   * @param slot stands there as a whole, side by side
   * @param at the element of the value, of those of one series, that is the slot's first float
   */
  public record Part(StateLayout.Slot slot, int at) {}

  /** Copies the maps; their order stays. */
  public StateNames {
    starts = copy(starts);
    ends = copy(ends);
  }

  /** Of a model whose output alone has a name in its graph. */
  public static StateNames ofOutput(String output) {
    return new StateNames(Map.of(), Map.of(), output);
  }

  /**
   * The slots by a name: the one that is called so, or those that stand in the value of that name.
   *
   * @param values {@link #starts} or {@link #ends}
   * @return null if there are none
   */
  public static @Nullable List<Part> parts(
      StateLayout layout, Map<String, List<Part>> values, String name) {
    for (StateLayout.Slot slot : layout.slots()) {
      if (slot.name().equals(name)) {
        return List.of(new Part(slot, 0));
      }
    }
    return values.get(name);
  }

  /** Elements of the value that parts stand in. */
  public static int size(List<Part> parts) {
    int size = 0;
    for (Part part : parts) {
      size = Math.max(size, part.at() + part.slot().length());
    }
    return size;
  }

  private static Map<String, List<Part>> copy(Map<String, List<Part>> map) {
    Map<String, List<Part>> copy = new LinkedHashMap<>();
    map.forEach((name, parts) -> copy.put(name, List.copyOf(parts)));
    return Collections.unmodifiableMap(copy);
  }
}
