package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.model.GoldenCase;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
