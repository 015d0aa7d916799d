package io.unroll.local;

import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A golden case as a user's own pipeline in a folder: the model, its inputs as one CSV file in
 * which every sample is a series and the samples' steps take turns, and the pipeline file.
 */
final class GoldenPipeline {
  static final long START = 1_700_000_000_000L;

  private GoldenPipeline() {}

  /** Writes everything; returns the pipeline file. */
  static Path write(Path folder, GoldenCase golden, String emit, String format) throws IOException {
    writeModel(folder, golden, "model");
    float[][][] input = golden.input();
    Files.write(folder.resolve("input.csv"), csv(input, golden.lengths()));
    String features =
        IntStream.range(0, input[0][0].length)
            .mapToObj(i -> "x" + i)
            .collect(Collectors.joining(", "));
    return Files.writeString(
        folder.resolve("golden.yaml"),
        """
        version: 1
        name: golden
        source:
          file: {path: input.csv}
          format: csv
        observation:
          series: series
          timestamp: timestamp
          features: [%s]
          end: last
        model: {onnx: model.onnx%s}
        emit: {on: %s}
        sink:
          format: %s
          predictions: {file: {path: out/predictions}}
          sequences: {file: {path: out/sequences}}
          rejected: {file: {path: out/rejected}}
        flink: {parallelism.default: 2}
        """
            .formatted(features, states(golden), emit, format));
  }

  /** The states that a graph over one step names. */
  private static String states(GoldenCase golden) {
    return golden.onnx().states().isEmpty()
        ? ""
        : ", states: " + golden.onnx().states().toString().replace("=", ": ");
  }

  /** Copies NAME.onnx of a case, with the weights beside it where there are such. */
  static Path writeModel(Path folder, GoldenCase golden, String name) throws IOException {
    String source = "golden/" + golden.name() + "/" + name + ".onnx";
    Path file = Files.write(folder.resolve(name + ".onnx"), GoldenCase.bytes(source));
    if (GoldenCase.class.getClassLoader().getResource(source + ".data") != null) {
      Files.write(folder.resolve(name + ".onnx.data"), GoldenCase.bytes(source + ".data"));
    }
    return file;
  }

  private static List<String> csv(float[][][] input, int[] lengths) {
    List<String> lines = new ArrayList<>();
    StringBuilder header = new StringBuilder("series,timestamp,last");
    for (int i = 0; i < input[0][0].length; i++) {
      header.append(",x").append(i);
    }
    lines.add(header.toString());
    for (int step = 0; step < input[0].length; step++) {
      for (int sample = 0; sample < input.length; sample++) {
        if (step < lengths[sample]) {
          StringBuilder line = new StringBuilder("s" + sample);
          line.append(',').append(START + 1000L * step);
          line.append(',').append(step == lengths[sample] - 1);
          for (float value : input[sample][step]) {
            line.append(',').append(value);
          }
          lines.add(line.toString());
        }
      }
    }
    return lines;
  }
}
