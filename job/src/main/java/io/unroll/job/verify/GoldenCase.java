package io.unroll.job.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.unroll.model.RecurrentModel;
import io.unroll.model.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A golden case in memory: every sample is a series, {@code s0} and on, and their steps take turns.
 * Where it has outputs by length, each sample comes a second time up to its length: {@code
 * s3[:17]}.
 */
public final class GoldenCase implements Case {
  private final GoldenFile file;
  private final List<Sample> samples;
  private final boolean perStep;
  private final boolean initialStates;
  private final List<String> featureNames;
  private final List<String> outputNames;
  private final List<String> unread;

  /**
   * One series.
   *
   * @param input [step][feature]
   * @param expected [step][output], or [1][output] of the last step
   * @param initial (state), or null for the model's own
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sample(
      String series, int number, float[][] input, float[][] expected, float @Nullable [] initial) {}

  private GoldenCase(
      GoldenFile file,
      List<Sample> samples,
      boolean perStep,
      boolean initialStates,
      RecurrentModel model) {
    this.file = file;
    this.samples = samples;
    this.perStep = perStep;
    this.initialStates = initialStates;
    featureNames = names(model.featureNames(), "x", model.inputSize());
    outputNames = names(model.outputNames(), "y", model.outputSize());
    unread = file.unread(model);
  }

  static GoldenCase of(GoldenFile file, RecurrentModel model) throws UnfitException {
    boolean timeMajor = file.timeMajor();
    float[][][] input = input(file, model, timeMajor);
    if (!file.has("output")) {
      throw file.unfit(
          "found no 'output' among "
              + String.join(", ", file.fields())
              + ", expected the outputs of every step or of the last one; what a decoder makes of its"
              + " own outputs is not streamed");
    }
    boolean perStep = file.depth("output") > 2;
    float @Nullable [][] initial = initial(file, model, input.length);
    List<Sample> samples = new ArrayList<>();
    float[][][] output = outputs(file, "output", model, perStep, timeMajor);
    checkSize(file, "output", output.length, input.length);
    for (int b = 0; b < input.length; b++) {
      samples.add(sample(file, "output", "s" + b, b, input[b], output[b], perStep, initial));
    }
    if (file.has("lengths") && file.has("output_by_length")) {
      float[][][] byLength = outputs(file, "output_by_length", model, perStep, false);
      checkSize(file, "output_by_length", byLength.length, input.length);
      checkSize(file, "lengths", file.get("lengths").size(), input.length);
      for (int b = 0; b < input.length; b++) {
        int length = file.get("lengths").path(b).asInt(-1);
        if (length < 1 || length > input[b].length) {
          throw file.unfit(
              "lengths[%d]: found %s, expected 1 to %d"
                  .formatted(b, file.get("lengths").path(b), input[b].length));
        }
        String series = "s" + b + "[:" + length + "]";
        float[][] steps = Arrays.copyOf(input[b], length);
        samples.add(
            sample(file, "output_by_length", series, b, steps, byLength[b], perStep, initial));
      }
    }
    return new GoldenCase(file, samples, perStep, initial != null, model);
  }

  private static Sample sample(
      GoldenFile file,
      String field,
      String series,
      int b,
      float[][] input,
      float[][] expected,
      boolean perStep,
      float @Nullable [][] initial)
      throws UnfitException {
    if (perStep && expected.length != input.length) {
      throw file.unfit(
          "%s[%d]: found %d steps, expected %d".formatted(field, b, expected.length, input.length));
    }
    return new Sample(series, b, input, expected, initial == null ? null : initial[b]);
  }

  private static float[][][] input(GoldenFile file, RecurrentModel model, boolean timeMajor)
      throws UnfitException {
    int width = model.inputSize();
    float[][][] input;
    if (!file.has("input") && file.has("vector")) {
      float[][] vectors = file.rows(file.get("vector"), "vector", width);
      int steps = file.get("steps").asInt(0);
      if (steps < 1) {
        throw file.unfit("steps: found " + file.get("steps") + ", expected at least 1");
      }
      input = new float[vectors.length][steps][width];
      for (int b = 0; b < vectors.length; b++) {
        input[b][0] = vectors[b];
      }
    } else {
      float[][][] given = file.block("input", width);
      input = timeMajor ? turned(file, "input", given) : given;
    }
    if (input.length == 0 || Arrays.stream(input).anyMatch(sample -> sample.length == 0)) {
      throw file.unfit("input: found a sample of 0 steps, or none, expected at least 1 of 1");
    }
    return input;
  }

  private static float[][][] outputs(
      GoldenFile file, String field, RecurrentModel model, boolean perStep, boolean timeMajor)
      throws UnfitException {
    if (perStep) {
      float[][][] given = file.block(field, model.outputSize());
      return timeMajor ? turned(file, field, given) : given;
    }
    float[][] vectors = file.rows(file.get(field), field, model.outputSize());
    return Arrays.stream(vectors).map(vector -> new float[][] {vector}).toArray(float[][][]::new);
  }

  /** [time][batch] as [batch][time]. */
  private static float[][][] turned(GoldenFile file, String field, float[][][] given)
      throws UnfitException {
    int batch = given.length == 0 ? 0 : given[0].length;
    float[][][] turned = new float[batch][given.length][];
    for (int t = 0; t < given.length; t++) {
      checkSize(file, field + "[" + t + "]", given[t].length, batch);
      for (int b = 0; b < batch; b++) {
        turned[b][t] = given[t][b];
      }
    }
    return turned;
  }

  /** States under their own names, or PyTorch's h0 and c0: a block per layer. */
  private static float @Nullable [][] initial(GoldenFile file, RecurrentModel model, int batch)
      throws UnfitException {
    StateLayout layout = model.stateLayout();
    float[][] states = new float[batch][layout.size()];
    for (float[] state : states) {
      model.initialState(state, 0);
    }
    boolean any = false;
    for (StateLayout.Slot slot : layout.slots()) {
      if (file.has(slot.name())) {
        any = true;
        put(file, slot.name(), file.get(slot.name()), slot, states);
      }
    }
    for (String part : List.of("h", "c")) {
      String field = part + "0";
      if (!file.has(field)) {
        continue;
      }
      any = true;
      List<StateLayout.Slot> slots =
          layout.slots().stream().filter(slot -> slot.name().endsWith("." + part)).toList();
      checkSize(file, field, file.get(field).size(), slots.size());
      for (int layer = 0; layer < slots.size(); layer++) {
        JsonNode block = file.get(field).get(layer);
        put(file, field + "[" + layer + "]", block, slots.get(layer), states);
      }
    }
    return any ? states : null;
  }

  private static void put(
      GoldenFile file, String where, JsonNode given, StateLayout.Slot slot, float[][] states)
      throws UnfitException {
    float[][] rows = file.rows(given, where, slot.length());
    checkSize(file, where, rows.length, states.length);
    for (int b = 0; b < rows.length; b++) {
      System.arraycopy(rows[b], 0, states[b], slot.offset(), slot.length());
    }
  }

  private static void checkSize(GoldenFile file, String where, int found, int expected)
      throws UnfitException {
    if (found != expected) {
      throw file.unfit(where + ": found a list of " + found + ", expected " + expected);
    }
  }

  private static List<String> names(List<String> own, String letter, int size) {
    return own.isEmpty() ? IntStream.range(0, size).mapToObj(i -> letter + i).toList() : own;
  }

  /** Fields of the file that nothing is compared with. */
  public List<String> unread() {
    return unread;
  }

  @Override
  public List<String> featureNames() {
    return featureNames;
  }

  @Override
  public List<String> outputNames() {
    return outputNames;
  }

  @Override
  public boolean perStep() {
    return perStep;
  }

  @Override
  public boolean hasInitialStates() {
    return initialStates;
  }

  @Override
  public float @Nullable [] initialState(String series) {
    return samples.stream()
        .filter(sample -> sample.series().equals(series))
        .findFirst()
        .map(Sample::initial)
        .orElse(null);
  }

  @Override
  public Steps open() {
    return new Turns();
  }

  /** The samples' steps in turns, as a stream brings them. */
  private final class Turns implements Steps {
    private final int longest =
        samples.stream().mapToInt(sample -> sample.input().length).max().orElse(0);
    private int time;
    private int turn;

    @Override
    public @Nullable Step next() {
      while (time < longest) {
        if (turn == samples.size()) {
          turn = 0;
          time++;
          continue;
        }
        Sample sample = samples.get(turn++);
        if (time < sample.input().length) {
          return new Step(
              sample.series(),
              time,
              "%s: input of sample %d".formatted(file.path(), sample.number()),
              sample.input()[time],
              perStep ? sample.expected()[time] : null);
        }
      }
      return null;
    }

    @Override
    public List<End> ends(Map<String, Long> steps) {
      return samples.stream()
          .map(sample -> new End(sample.series(), sample.expected()[0]))
          .toList();
    }

    @Override
    public void close() {
      time = longest; // all is in memory
    }
  }
}
