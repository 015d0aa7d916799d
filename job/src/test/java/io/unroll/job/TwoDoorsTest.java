package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emit;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.Next;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline file and Java say the same of the same pipeline: the same complaints, word by word,
 * at the same keys, or the same configuration of the operator.
 *
 * <p>{@code -Druns=100000} draws that many.
 */
final class TwoDoorsTest {
  private static final int RUNS = 2000;
  private static final int HIDDEN = 3;
  private static final Pattern FOUND_TEXT = Pattern.compile("found '([^']*)',");

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
      assertEquals(file.complaints(), java.complaints(), where);
      assertEquals(parts(file.config()), parts(java.config()), where);
      refused += file.complaints().isEmpty() ? 0 : 1;
    }
    assertTrue(
        refused > runs / 10 && refused < runs - runs / 10,
        refused + " of " + runs + " were refused");
  }

  /** What nobody says counts as the default, so whoever says the default has said nothing. */
  @Test
  void aDefaultThatIsSaidChangesNothing() throws Exception {
    for (boolean alone : new boolean[] {false, true}) {
      List<Object> unsaid = parts(assertBoth("", alone, unroll -> {}));
      Map<String, Consumer<Unroll>> defaults =
          Map.of(
              "sequence: {min-steps: 0}",
              unroll -> unroll.minSteps(0),
              "sequence: {clock: event}",
              unroll -> unroll.clock(SequenceClock.EVENT),
              "emit: {every: 1}",
              unroll -> unroll.emitEvery(1),
              "emit: {on: step}",
              unroll -> unroll.emit(Emit.STEP));
      for (Map.Entry<String, Consumer<Unroll>> one : defaults.entrySet()) {
        String yaml = one.getKey();
        assertEquals(unsaid, parts(assertBoth(yaml, alone, one.getValue())), yaml + " " + alone);
      }
    }
    assertEquals(
        parts(assertBoth("emit: {on: end}", false, unroll -> unroll.emit(Emit.END))),
        parts(
            assertBoth(
                "emit: {on: end, every: 1}", false, unroll -> unroll.emit(Emit.END).emitEvery(1))));
  }

  @Test
  void theOrderOfCallsDoesNotMatter() throws Exception {
    Unroll first = Unroll.model(network(1, 2)).feature("a").emit(Emit.END).emitEvery(2);
    Unroll last = Unroll.model(network(1, 2)).feature("a").emitEvery(2).emit(Emit.END);
    assertEquals(
        List.of("emit.every: found 2, expected emit.on: step beside it"),
        ofJava(first).complaints());
    assertEquals(ofJava(first), ofJava(last));
  }

  /** Only Java may name no feature: then the model's own names count, each for one input. */
  @Test
  void namesOfTheModelThatAreNoneOrTwiceAreTheModelsFault() throws Exception {
    String wayOut =
        ", expected a name of its own for each input: name them all in the pipeline, in the model's"
            + " order (from Java with feature), or in the model";
    String found =
        "observation.features: found none, and in the metadata of model drawn inputs [0]";
    assertEquals(
        List.of(found + " and [2] are both 'a'" + wayOut),
        ofJava(Unroll.model(naming("a,b,a"))).complaints());
    assertEquals(
        List.of(found + " and [1] have no name" + wayOut),
        ofJava(Unroll.model(naming(",,b"))).complaints());
    Unroll named = Unroll.model(naming(",,b")).feature("x").feature("y").feature("b");
    assertEquals(List.of(), ofJava(named).complaints());
    assertEquals(List.of(), ofJava(Unroll.model(network(3, 2))).complaints());
  }

  /** A model of three inputs with names in its metadata. */
  private static OnnxFile naming(String features) throws IOException {
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(network(3, 2).model()).toBuilder();
    model.addMetadataPropsBuilder().setKey("features").setValue(features);
    return new OnnxFile("drawn", model.build().toByteArray(), Map.of());
  }

  /** What both doors make of a pipeline that says one thing more. */
  private SequenceConfig assertBoth(String yaml, boolean alone, Consumer<Unroll> call)
      throws Exception {
    String decoder = "decoder: {onnx: m1.onnx, first: input, next: zeros, steps: 2}";
    Verdict file =
        ofFile(
            """
            version: 1
            name: drawn
            source: {file: {path: in.csv}, format: csv}
            observation: {series: s, timestamp: t, features: [a]}
            model: {%s}
            sink: {predictions: {file: {path: out}}}
            %s
            """
                .formatted(alone ? decoder : "onnx: m1.onnx", yaml));
    DecoderRules rules = new DecoderRules(new DecoderRules.First.Input(), Next.ZEROS, 2);
    OnnxFile model = OnnxFile.load(folder.resolve("m1.onnx"));
    Unroll unroll = alone ? Unroll.vectorToSequence(model, rules) : Unroll.model(model);
    call.accept(unroll.feature("a"));
    Verdict java = ofJava(unroll);
    String where = yaml + (alone ? " beside a decoder alone" : "");
    assertEquals(List.of(), file.complaints(), where);
    assertEquals(List.of(), java.complaints(), where);
    assertEquals(parts(file.config()), parts(java.config()), where);
    return Objects.requireNonNull(java.config());
  }

  /**
   * What a door says.
   *
   * @param complaints each with its key, in the order of their texts; none where it is accepted
   * @param config null where it is refused
   */
  private record Verdict(List<String> complaints, @Nullable SequenceConfig config) {}

  private Verdict ofFile(String text) throws IOException {
    try {
      Path file = Files.writeString(folder.resolve("p.yaml"), text);
      return new Verdict(List.of(), PipelineJob.load(file).sequences());
    } catch (PipelineException e) {
      return new Verdict(
          sorted(e.problems().stream().map(problem -> problem.key() + ": " + problem.text())),
          null);
    }
  }

  private static Verdict ofJava(Unroll unroll) {
    try {
      return new Verdict(List.of(), unroll.config());
    } catch (IllegalArgumentException e) {
      return new Verdict(sorted(String.valueOf(e.getMessage()).lines()), null);
    }
  }

  /**
   * The complaints, without what only one door can say: a file quotes what it found where the YAML
   * is a text, such as a duration, and has a key ({@code as}) for what the model calls a field.
   */
  private static List<String> sorted(Stream<String> complaints) {
    return complaints
        .map(complaint -> FOUND_TEXT.matcher(complaint).replaceFirst("found $1,"))
        .map(complaint -> complaint.replaceFirst("; if it is that, .*", ""))
        .sorted()
        .toList();
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
