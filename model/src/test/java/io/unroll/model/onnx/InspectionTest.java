package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole text of every golden file, refusals included, as in {@code inspection/}. */
final class InspectionTest {

  static Stream<OnnxFile> files() {
    return Stream.of(
            Stream.concat(GoldenCase.STREAMABLE.stream(), Stream.of("09-vector-to-sequence"))
                .map(name -> GoldenCase.load(name).onnx()),
            Stream.of("encoder", "decoder")
                .map(name -> GoldenCase.load("08-encoder-decoder-eos").onnx(name)),
            Stream.of("weather-temperature-gru", "eu-stock-quantiles-lstm")
                .map(
                    name ->
                        new OnnxFile(name, GoldenCase.bytes("feeds/" + name + ".onnx"), Map.of())))
        .flatMap(s -> s);
  }

  @ParameterizedTest
  @MethodSource("files")
  void textIsAsStored(OnnxFile file) {
    String expected =
        new String(GoldenCase.bytes("inspection/" + file.name() + ".txt"), StandardCharsets.UTF_8);
    assertEquals(expected, text(file));
  }

  private static String text(OnnxFile file) {
    try {
      return Inspection.of(file).text();
    } catch (OnnxException refusal) {
      return refusal.getMessage() + "\n";
    }
  }

  /** A case that is added to the folder and not to the list above would be inspected by nobody. */
  @Test
  void everyGoldenFileIsAmongThem() throws IOException, URISyntaxException {
    Path root =
        Path.of(Objects.requireNonNull(getClass().getClassLoader().getResource("golden")).toURI());
    TreeSet<String> there = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.filter(file -> file.toString().endsWith(".onnx"))
          .map(
              file ->
                  file.endsWith("model.onnx")
                      ? String.valueOf(root.relativize(file).getName(0))
                      : String.valueOf(file.getFileName()).replace(".onnx", ""))
          .forEach(there::add);
    }
    assertFalse(there.isEmpty());
    there.removeAll(files().map(OnnxFile::name).toList());
    assertEquals(new TreeSet<>(), there);
  }

  /** Exporters keep weights in Constant nodes too. */
  @Test
  void weightsThatAreConvertedAreNoted() throws OnnxException {
    TensorProto half =
        TensorProto.newBuilder()
            .setName("half")
            .setDataType(TensorProto.DataType.FLOAT16_VALUE)
            .addDims(1)
            .addInt32Data(0x3c00)
            .build();
    AttributeProto twice =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(
                TensorProto.newBuilder()
                    .setDataType(TensorProto.DataType.DOUBLE_VALUE)
                    .addDims(1)
                    .addDoubleData(2))
            .build();
    TestGraph graph =
        TestGraph.withGru()
            .initializer(half)
            .node("Constant", "c", "", "two", twice)
            .node("Mul", "m", "g,half", "halved")
            .node("Mul", "n", "halved,two", "y")
            .output("y");
    String text = Inspection.of(graph.file()).text();
    assertEquals(
        List.of("note        weights of type DOUBLE and FLOAT16 are computed with as FLOAT"),
        text.lines().filter(line -> line.startsWith("note")).toList());
  }

  @Test
  void stateOfManySeriesIsAddedUp() throws OnnxException {
    OnnxFile file = GoldenCase.load("03-lstm-dense-every-step").onnx();
    String text = Inspection.of(file).text();
    assertEquals(
        text + "series      1 000 000: 128 000 000 bytes (122.1 MiB) of state\n",
        Inspection.of(file).text(1_000_000));
    assertEquals(text + "series      3: 384 bytes of state\n", Inspection.of(file).text(3));
    assertEquals(
        "series: found -1, expected 0 or more",
        assertThrows(IllegalArgumentException.class, () -> Inspection.of(file).text(-1))
            .getMessage());
  }
}
