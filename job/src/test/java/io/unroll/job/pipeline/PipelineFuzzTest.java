package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spoilt files either parse or are refused with a place; nothing else is ever thrown. */
final class PipelineFuzzTest {
  private static final int RUNS = 3_000;

  /** Far beyond what any of them takes: a run that hangs must fail, a slow machine must not. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ": ",
          "- ",
          "\n",
          "  ",
          "\t",
          "#",
          "&a ",
          "*a",
          "<<: *a",
          "!!int ",
          "!x ",
          "'",
          "\"",
          "|\n",
          ">\n",
          "%",
          "---\n",
          "...\n",
          "? ",
          "null",
          "true",
          ".nan",
          "-.inf",
          "1e999",
          "99999999999999999999",
          "-1",
          "0x1F",
          "${HOME}",
          "é",
          "\uD83D\uDE00",
          "\u0000",
          "\uFEFF",
          "$",
          "$key",
          "/",
          "..",
          "7 d",
          "0 s",
          "csv",
          "kafka",
          "file",
          "16:00",
          "in: [STOP]",
          "decoder: {onnx: decoder.onnx, steps: 3, first: {token: 1}}",
          "encoder: model.onnx",
          "argmax",
          "event-time",
          "scale: online",
          "{from: scalers.csv}",
          "evaluate: {output: y0, against: x}",
          "initial-state: {h: [1]}",
          "features: [x]");

  @TempDir Path directory;

  @Test
  void neverThrowsAnythingElse() throws IOException {
    Texts.makeFiles(directory);
    List<String> good =
        List.of(
            Texts.SMALL,
            Texts.KAFKA,
            MistakesTest.text("weather.yaml"),
            MistakesTest.text("indices.yaml"),
            MistakesTest.text("machines.yaml"));
    String property = System.getProperty("seed", "");
    long seed = property.isEmpty() ? new Random().nextLong() : Long.parseLong(property);
    Random random = new Random(seed);
    Path file = directory.resolve("spoilt.yaml");
    Assertions.assertTimeoutPreemptively(
        LIMIT,
        () -> {
          int refused = 0;
          for (int run = 0; run < RUNS; run++) {
            byte[] spoilt = spoil(good.get(random.nextInt(good.size())), good, random);
            String where = "seed " + seed + " run " + run;
            Files.write(file, spoilt);
            try {
              assertFalse(PipelineFile.read(file).name().isEmpty(), where);
            } catch (PipelineException e) {
              refused++;
              assertFalse(e.problems().isEmpty(), where);
              for (Problem problem : e.problems()) {
                assertTrue(problem.line() >= 1 && problem.column() >= 1, where + ": " + problem);
                assertFalse(problem.toString().contains("\n"), where + ": " + problem);
              }
            } catch (RuntimeException | Error e) {
              throw new AssertionError(
                  where + ":\n" + new String(spoilt, StandardCharsets.UTF_8), e);
            }
          }
          assertTrue(refused > RUNS / 4, "seed " + seed + ": refused " + refused + " of " + RUNS);
        });
  }

  private static byte[] spoil(String text, List<String> good, Random random) {
    StringBuilder spoilt = new StringBuilder(text);
    for (int edit = 1 + random.nextInt(4); edit > 0 && spoilt.length() > 0; edit--) {
      int at = random.nextInt(spoilt.length());
      int end = Math.min(spoilt.length(), at + 1 + random.nextInt(20));
      switch (random.nextInt(5)) {
        case 0 -> spoilt.delete(at, end);
        case 1 -> spoilt.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> spoilt.setCharAt(at, (char) (32 + random.nextInt(95)));
        case 3 -> spoilt.insert(at, spoilt.substring(at, end));
        default -> {
          String other = good.get(random.nextInt(good.size()));
          int from = random.nextInt(other.length());
          spoilt.replace(
              at, end, other.substring(from, Math.min(other.length(), from + random.nextInt(60))));
        }
      }
    }
    byte[] bytes = spoilt.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
