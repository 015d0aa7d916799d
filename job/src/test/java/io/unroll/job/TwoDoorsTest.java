package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.life.Decoding;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.Problem;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline file and Java say the same of the same pipeline: the same complaints at the same
 * keys, or the same configuration of the operator.
 *
 * <p>{@code -Druns=100000} draws that many.
 */
final class TwoDoorsTest {
  private static final int RUNS = 2000;
  private static final int HIDDEN = 3;

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    for (int inputs = 1; inputs <= 8; inputs++) {
      Files.write(folder.resolve("m" + inputs + ".onnx"), network(inputs, 2).model());
    }
    Files.write(folder.resolve("decoder.onnx"), network(1, 2).model());
    Files.write(
        folder.resolve("abc.onnx"),
        GoldenCase.bytes("golden/21-tf1-multi-rnn-projection/model.onnx"));
    Files.writeString(folder.resolve("in.csv"), "s,t,a,b,c,d,truth,other,id\n");
  }

  private static OnnxFile network(int inputs, int outputs) {
    return OnnxFile.of(
        RecurrentModel.builder()
            .name("drawn")
            .inputs(inputs)
            .rnn(
                new CellWeights(
                    "cell",
                    inputs,
                    HIDDEN,
                    new float[HIDDEN * inputs],
                    new float[HIDDEN * HIDDEN],
                    new float[HIDDEN],
                    new float[HIDDEN]))
            .dense("head", new float[HIDDEN * outputs], new float[outputs])
            .build());
  }

  @Test
  void bothDoorsSayTheSame() throws Exception {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    int refused = 0;
    int runs = Integer.getInteger("runs", RUNS);
    for (int run = 0; run < runs; run++) {
      DrawnPipeline drawn = new DrawnPipeline(folder, random);
      String text = drawn.text();
      Verdict file = ofFile(text);
      Verdict java = ofJava(drawn.unroll());
      String where = Seeds.message(seed) + " run " + run + ":\n" + text;
      assertEquals(file.keys(), java.keys(), where + "\n" + file.words() + "\n" + java.words());
      assertEquals(parts(file.config()), parts(java.config()), where);
      refused += file.keys().isEmpty() ? 0 : 1;
    }
    assertTrue(
        refused > runs / 10 && refused < runs - runs / 10,
        refused + " of " + runs + " were refused");
  }

  /**
   * What a door says.
   *
   * @param keys of complaints; none where it is accepted
   * @param config null where it is refused
   */
  private record Verdict(List<String> keys, String words, @Nullable SequenceConfig config) {}

  private Verdict ofFile(String text) throws IOException {
    try {
      Path file = Files.writeString(folder.resolve("p.yaml"), text);
      return new Verdict(List.of(), "", PipelineJob.load(file).sequences());
    } catch (PipelineException e) {
      List<String> keys = e.problems().stream().map(Problem::key).toList();
      return new Verdict(distinct(keys), String.valueOf(e.getMessage()), null);
    }
  }

  private static Verdict ofJava(Unroll unroll) {
    try {
      return new Verdict(List.of(), "", unroll.config());
    } catch (IllegalArgumentException e) {
      String words = String.valueOf(e.getMessage());
      List<String> keys =
          words.lines().map(line -> line.substring(0, Math.max(0, line.indexOf(": ")))).toList();
      return new Verdict(distinct(keys), words, null);
    }
  }

  private static List<String> distinct(List<String> keys) {
    return List.copyOf(new TreeSet<>(keys));
  }

  /** Everything but the input, of which Java knows nothing. */
  private static List<Object> parts(@Nullable SequenceConfig config) throws OnnxException {
    if (config == null) {
      return List.of();
    }
    List<Object> parts =
        new ArrayList<>(
            List.of(
                config.model().read().fingerprint(),
                config.features(),
                config.boundaries(),
                config.output().emission(),
                config.order(),
                config.output().unscaled(),
                config.output().evaluations(),
                config.output().warmUp(),
                config.window(),
                config.tuning()));
    InitialState start = config.served().initialState();
    parts.add(start == null ? "the model's" : Arrays.toString(start.values()));
    parts.add(String.valueOf(config.memory()));
    parts.add(config.course().gap() == null ? "none" : config.course().gap());
    Decoding decoding = config.decoding();
    if (decoding != null) {
      parts.addAll(
          List.of(
              decoding.decoder().read().fingerprint(),
              decoding.alone(),
              decoding.rules(),
              decoding.states(),
              decoding.last(),
              decoding.everyMillis(),
              decoding.calendar()));
    }
    return parts;
  }
}
