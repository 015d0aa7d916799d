package io.unroll.model.unroll;

import io.unroll.model.RecurrentModel;
import io.unroll.model.StateLayout.Slot;
import io.unroll.model.StateNames;
import io.unroll.model.StateNames.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a decoder's state starts from: each float of it is one of the encoder's state or one of the
 * encoder's output. Immutable, thread safe.
 */
public final class StateBridge {
  private static final int NONE = Integer.MIN_VALUE;

  /** (decoder's state): i is float i of the encoder's state, ~i value i of its output. */
  private final int[] from;

  private final boolean needsOutput;

  /**
   * Finds the source of every state of the decoder.
   *
   * <p>By name, a state of the decoder is a slot ({@code /rnn/GRU.h}) or the graph input that
   * starts slots ({@code h0}); its source is a slot of the encoder, a graph output that is such
   * slots at the end ({@code h}), or the graph output that is the encoder's output. Without names
   * slots follow slots in order, where their lengths agree; a decoder with a single slot of another
   * length starts from the encoder's output, where that has its length.
   *
   * @param sources state of the decoder to its source; empty: by order. Where one state has a name,
   *     all need one
   * @throws IllegalArgumentException with both sides and their sizes when they do not fit
   */
  public StateBridge(RecurrentModel encoder, RecurrentModel decoder, Map<String, String> sources) {
    from = new int[decoder.stateLayout().size()];
    Arrays.fill(from, NONE);
    if (sources.isEmpty()) {
      byOrder(encoder, decoder);
    } else {
      sources.forEach((state, source) -> connect(encoder, decoder, state, source));
      requireAll(decoder);
    }
    needsOutput = Arrays.stream(from).anyMatch(i -> i < 0);
  }

  /** A bridge whose states go by order. */
  public StateBridge(RecurrentModel encoder, RecurrentModel decoder) {
    this(encoder, decoder, Map.of());
  }

  // ---- by order ----

  private void byOrder(RecurrentModel encoder, RecurrentModel decoder) {
    List<Slot> sources = encoder.stateLayout().slots();
    List<Slot> states = decoder.stateLayout().slots();
    if (alike(sources, states)) {
      Arrays.setAll(from, i -> i);
    } else if (states.size() == 1 && from.length == encoder.outputSize()) {
      Arrays.setAll(from, i -> ~i);
    } else {
      throw new IllegalArgumentException(
          "states of decoder '%s': found %s, expected those of encoder '%s' in their order, %s%s; name the source of each"
              .formatted(
                  decoder.name(),
                  sizes(states),
                  encoder.name(),
                  sizes(sources),
                  states.size() == 1 ? ", or its output of " + floats(encoder.outputSize()) : ""));
    }
  }

  /** Equal lengths, and no h where the other has a c. */
  private static boolean alike(List<Slot> sources, List<Slot> states) {
    if (sources.size() != states.size()) {
      return false;
    }
    for (int i = 0; i < states.size(); i++) {
      Slot source = sources.get(i);
      Slot state = states.get(i);
      if (source.length() != state.length()
          || (source.name().endsWith(".h") && state.name().endsWith(".c"))
          || (source.name().endsWith(".c") && state.name().endsWith(".h"))) {
        return false;
      }
    }
    return true;
  }

  private static String sizes(List<Slot> slots) {
    return slots.stream()
        .map(slot -> "'" + slot.name() + "' (" + floats(slot.length()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String floats(int count) {
    return count == 1 ? "1 float" : count + " floats";
  }

  // ---- by name ----

  private void connect(
      RecurrentModel encoder, RecurrentModel decoder, String state, String source) {
    List<Part> target =
        StateNames.parts(decoder.stateLayout(), decoder.stateNames().starts(), state);
    if (target == null) {
      throw unknown("decoder state", state, names(decoder, decoder.stateNames().starts(), ""));
    }
    List<Part> origin =
        StateNames.parts(encoder.stateLayout(), encoder.stateNames().ends(), source);
    String output = encoder.stateNames().output();
    if (origin == null && (output.isEmpty() || !output.equals(source))) {
      throw unknown(
          "source of decoder state '" + state + "', encoder state or output",
          source,
          names(encoder, encoder.stateNames().ends(), output));
    }
    int size = StateNames.size(target);
    int found = origin == null ? encoder.outputSize() : StateNames.size(origin);
    if (found != size) {
      throw new IllegalArgumentException(
          "decoder state '%s' (%s): found encoder %s '%s' (%s), expected %d"
              .formatted(
                  state,
                  floats(size),
                  origin == null ? "output" : "state",
                  source,
                  floats(found),
                  size));
    }
    int[] value = new int[size]; // where each element of the named value stands
    if (origin == null) {
      Arrays.setAll(value, i -> ~i);
    } else {
      for (Part part : origin) {
        for (int i = 0; i < part.slot().length(); i++) {
          value[part.at() + i] = part.slot().offset() + i;
        }
      }
    }
    for (Part part : target) {
      Slot slot = part.slot();
      if (from[slot.offset()] != NONE) {
        throw new IllegalArgumentException(
            "decoder state '%s': found a second source by the name '%s', expected one"
                .formatted(slot.name(), state));
      }
      System.arraycopy(value, part.at(), from, slot.offset(), slot.length());
    }
  }

  private static Set<String> names(
      RecurrentModel model, Map<String, List<Part>> named, String output) {
    Set<String> names = new LinkedHashSet<>();
    model.stateLayout().slots().forEach(slot -> names.add(slot.name()));
    names.addAll(named.keySet());
    if (!output.isEmpty()) {
      names.add(output);
    }
    return names;
  }

  private static IllegalArgumentException unknown(String what, String found, Set<String> names) {
    return new IllegalArgumentException(
        "%s: found '%s', expected one of %s".formatted(what, found, String.join(", ", names)));
  }

  private void requireAll(RecurrentModel decoder) {
    List<Slot> without = new ArrayList<>();
    for (Slot slot : decoder.stateLayout().slots()) {
      if (from[slot.offset()] == NONE) {
        without.add(slot);
      }
    }
    if (!without.isEmpty()) {
      throw new IllegalArgumentException(
          "states of decoder '%s': found no source of %s, expected one for each, or none at all"
              .formatted(decoder.name(), sizes(without)));
    }
  }

  // ---- use ----

  /** Whether {@link #start} reads the encoder's output. */
  public boolean needsOutput() {
    return needsOutput;
  }

  /**
   * Writes what the decoder starts from. Allocates nothing.
   *
   * @param encoderState the encoder's state from {@code stateAt} on, not modified
   * @param encoderOutput its output from {@code outputAt} on, not modified; null where it is not
   *     needed
   * @param decoderState from {@code at} on. Modified: as many floats as the decoder's state has.
   * @throws IllegalArgumentException when the output is needed and null
   */
  public void start(
      float[] encoderState,
      int stateAt,
      float @Nullable [] encoderOutput,
      int outputAt,
      float[] decoderState,
      int at) {
    if (encoderOutput == null && needsOutput) {
      throw new IllegalArgumentException("encoder output: found none, the decoder starts from it");
    }
    for (int i = 0; i < from.length; i++) {
      int source = from[i];
      if (source >= 0) {
        decoderState[at + i] = encoderState[stateAt + source];
      } else if (encoderOutput != null) {
        decoderState[at + i] = encoderOutput[outputAt + ~source];
      }
    }
  }
}
