package io.unroll.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each part of a model's state stands in a series' flat {@code float[]}.
 *
 * @param size floats in all
 * @param slots the parts, in order, without gaps
 */
public record StateLayout(int size, List<Slot> slots) {

  /**
   * One part of the state.
   *
   * @param name layer and part, such as {@code /rnn/LSTM.c}
   * @param offset its first float
   * @param length floats
   */
  public record Slot(String name, int offset, int length) {}

  /** Checks that the slots fill the size without gap or overlap. */
  public StateLayout {
    slots = List.copyOf(slots);
    int end = 0;
    for (Slot slot : slots) {
      if (slot.offset() != end || slot.length() <= 0) {
        throw new IllegalArgumentException(
            "slot %s: offset %d and length %d, expected offset %d and a length above 0"
                .formatted(slot.name(), slot.offset(), slot.length(), end));
      }
      end = Math.addExact(end, slot.length());
    }
    if (end != size) {
      throw new IllegalArgumentException("slots of " + end + " floats, expected " + size);
    }
  }

  /** Slots one behind the other. */
  public static StateLayout of(List<String> names, List<Integer> lengths) {
    if (names.size() != lengths.size()) {
      throw new IllegalArgumentException(names.size() + " names, " + lengths.size() + " lengths");
    }
    List<Slot> slots = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      slots.add(new Slot(names.get(i), offset, lengths.get(i)));
      offset += lengths.get(i);
    }
    return new StateLayout(offset, slots);
  }

  /** The slot of that name. */
  public Slot slot(String name) {
    for (Slot slot : slots) {
      if (slot.name().equals(name)) {
        return slot;
      }
    }
    throw new IllegalArgumentException(
        "no state '" + name + "', found " + slots.stream().map(Slot::name).toList());
  }

  /** Bytes of state per series. */
  public long bytes() {
    return (long) size * Float.BYTES;
  }
}
