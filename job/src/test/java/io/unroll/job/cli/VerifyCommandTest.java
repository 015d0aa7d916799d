package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DynamicUnroll;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code verify}, word by word. */
final class VerifyCommandTest {
  private static final String LSTM = "03-lstm-dense-every-step";
  private static final String LAST = "04-lstm-2layer-dropout-last-step-sigmoid";

  @TempDir private Path folder;

  private record Said(int code, String out, String err) {}

  private Said verify(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine cli =
        Cli.commandLine(
                (job, options, progress, results) -> {
                  throw new IllegalStateException("verify runs no pipeline");
                })
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err, true));
    List<String> words = new ArrayList<>(List.of("verify"));
    for (String argument : arguments) {
      words.add(argument.replace("@", folder + "/"));
    }
    int code = cli.execute(words.toArray(new String[0]));
    return new Said(code, here(out), here(err));
  }

  /** Without the folder, and without what is another kernel's rounding. */
  private String here(StringWriter text) {
    return text.toString()
        .replace(folder + "/", "")
        .replaceAll(
            "difference to expected (?!0 at series s0 step 0,)(0|[1-9](\\.\\d)?e-[6-9]) at series \\S+ step \\d+, output \\w+",
            "difference to expected TINY at SOMEWHERE")
        .replaceAll("(-?0\\.\\d{5})\\d{2,}", "$1..");
  }

  /** Model and case of the golden folder, as model.onnx and case.json. */
  private GoldenCase golden(String name) throws IOException {
    for (String file : List.of("model.onnx", "case.json")) {
      Files.write(folder.resolve(file), GoldenCase.bytes("golden/" + name + "/" + file));
    }
    return GoldenCase.load(name);
  }

  private void write(String file, List<String> lines) throws IOException {
    Files.write(folder.resolve(file), lines);
  }

  private static String row(String first, float[] values) {
    StringBuilder row = new StringBuilder(first);
    for (float value : values) {
      row.append(row.length() == 0 ? "" : ",").append(value);
    }
    return row.toString();
  }

  /** Both CSV files of a case, the samples' steps taking turns. */
  private GoldenCase csvOf(String name) throws IOException {
    GoldenCase golden = golden(name);
    float[][][] input = golden.input();
    List<String> in = new ArrayList<>(List.of(header("series,step", "f", input[0][0].length)));
    List<String> out = new ArrayList<>();
    boolean every = golden.everyStep();
    int outputs = golden.model().outputSize();
    out.add(header(every ? "series,step" : "series", "out", outputs));
    for (int t = 0; t < input[0].length; t++) {
      for (int b = 0; b < input.length; b++) {
        in.add(row("s" + b + "," + t, input[b][t]));
        if (every) {
          out.add(row("s" + b + "," + t, golden.output()[b][t]));
        } else if (t == 0) {
          out.add(row("s" + b, golden.vectors()[b]));
        }
      }
    }
    write("x.csv", in);
    write("y.csv", out);
    return golden;
  }

  private static String header(String first, String letter, int count) {
    StringBuilder header = new StringBuilder(first);
    for (int i = 0; i < count; i++) {
      header.append(',').append(letter).append(i);
    }
    return header.toString();
  }

  private Said csv(String... more) {
    List<String> words =
        new ArrayList<>(List.of("@model.onnx", "--input", "@x.csv", "--expected", "@y.csv"));
    words.addAll(List.of(more));
    return verify(words.toArray(new String[0]));
  }

  private void replace(String file, int line, String text) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve(file)));
    lines.set(line - 1, text);
    write(file, lines);
  }

  /** One series of random inputs; outputs of windows of n, or of all inputs for 0. */
  private void windows(int n, int steps, int series) throws IOException {
    RecurrentModel model = golden(LSTM).model();
    Random random = new Random(3);
    List<String> in = new ArrayList<>(List.of("series,a,b,c,d,e"));
    List<String> out = new ArrayList<>(List.of("series,u,v"));
    for (int s = 0; s < series; s++) {
      float[][] inputs = new float[steps][5];
      for (int t = 0; t < steps; t++) {
        for (int i = 0; i < 5; i++) {
          inputs[t][i] = (float) random.nextGaussian();
        }
        float[][] last = Arrays.copyOfRange(inputs, n == 0 ? 0 : Math.max(0, t + 1 - n), t + 1);
        in.add(row("s" + s, inputs[t]));
        out.add(
            row("s" + s, new DynamicUnroll(model).run(new float[][][] {last}).lastOutputs()[0]));
      }
    }
    write("x.csv", in);
    write("y.csv", out);
  }

  @Test
  void goldenEveryStep() throws IOException {
    golden(LSTM);
    assertEquals(
        new Said(
            0,
            """
          model       model@8d3b585a
          compared    214 of 214 steps of 8 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        verify("@model.onnx", "--golden", "@case.json"));
  }

  @Test
  void goldenLastStep() throws IOException {
    golden(LAST);
    assertEquals(
        new Said(
            0,
            """
          model       model@c950dc78
          compared    the last steps of 8 series, 136 steps in all, 1 output each
          served      stateful, 256 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        verify("@model.onnx", "--golden", "@case.json"));
  }

  @Test
  void goldenInitialStates() throws IOException {
    golden("06-lstm-time-major-initial-state");
    assertEquals(
        new Said(
            0,
            """
          model       model@3c987526
          compared    33 of 33 steps of 3 series, 2 outputs each
          not read    h, c
          served      stateful, 160 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        verify("@model.onnx", "--golden", "@case.json"));
    assertEquals(
        new Said(
            1,
            "",
            """
          case.json: starts series from states of its own, a window starts from the model's: verify it without --window
          """),
        verify("@model.onnx", "--golden", "@case.json", "--window", "3"));
  }

  /** A rejected first input changes nothing: the second starts from the case's own states. */
  @Test
  void goldenInitialStatesBehindARejectedInput() throws IOException {
    golden("06-lstm-time-major-initial-state");
    Path file = folder.resolve("case.json");
    String none = "[NaN,NaN,NaN],[NaN,NaN,NaN],[NaN,NaN,NaN]";
    String json = Files.readString(file);
    String later =
        json.replace("\"input\":[", "\"input\":[[" + none + "],")
            .replace(
                "\"output\":[", "\"output\":[[" + none.replace("NaN,NaN,NaN", "NaN,NaN") + "],");
    Files.writeString(file, later);
    Said said = verify("@model.onnx", "--golden", "@case.json");
    assertEquals(0, said.code(), said.out());
    assertTrue(
        said.out().contains("compared    36 of 36 steps of 3 series, 2 outputs each\n"),
        said.out());
    assertTrue(said.out().contains("rejected    3 of 36 steps, as the stream would\n"), said.out());
  }

  @Test
  void goldenNamedStates() throws IOException {
    golden("14-one-step-graph-named-states");
    assertEquals(
        new Said(
            0,
            """
          model       model@77f0d3fa
          compared    77 of 77 steps of 8 series, 2 outputs each
          served      stateful, 96 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        verify("@model.onnx", "--golden", "@case.json"));
    assertEquals(
        new Said(
            0,
            """
          model       model@91f9464b
          compared    77 of 77 steps of 8 series, 2 outputs each
          served      stateful, 96 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        verify(
            "@model.onnx",
            "--golden",
            "@case.json",
            "--state",
            "h_in=h_out",
            "--state",
            "c_in=c_out",
            "--state",
            "g_in=g_out",
            "--output",
            "y"));
    assertEquals(
        new Said(
            1,
            "",
            """
          model.onnx: no output 'z' among the graph's outputs y, h_out, c_out, g_out
          """),
        verify("@model.onnx", "--golden", "@case.json", "--output", "z"));
  }

  @Test
  void goldenVector() throws IOException {
    golden("09-vector-to-sequence");
    assertEquals(
        new Said(
            0,
            """
          model       model@380cbb2a
          compared    21 of 21 steps of 3 series, 2 outputs each
          served      stateful, 96 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        verify("@model.onnx", "--golden", "@case.json"));
  }

  @Test
  void csvEveryStep() throws IOException {
    csvOf(LSTM);
    assertEquals(
        new Said(
            0,
            """
          model       model@8d3b585a
          compared    132 of 132 steps of 4 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        csv());
  }

  @Test
  void csvLastStep() throws IOException {
    csvOf(LAST);
    assertEquals(
        new Said(
            0,
            """
          model       model@c950dc78
          compared    the last steps of 4 series, 84 steps in all, 1 output each
          served      stateful, 256 bytes of state per series
          largest difference to expected TINY at SOMEWHERE: equal within 1e-5
          """,
            ""),
        csv());
  }

  @Test
  void aDifferenceIsTold() throws IOException {
    csvOf(LSTM);
    replace("y.csv", 7, "s1,1,0.5,0.25");
    assertEquals(
        new Said(
            1,
            """
          model       model@8d3b585a
          compared    132 of 132 steps of 4 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected 0.6 at series s1 step 1, output out0: NOT equal within 1e-5 (found -0.10371.., expected 0.5)
          """,
            ""),
        csv());
  }

  @Test
  void windowsAreTold() throws IOException {
    windows(6, 40, 2);
    assertEquals(
        new Said(
            0,
            """
          model       model@8d3b585a
          compared    80 of 80 steps of 2 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected 0.0083 at series s0 step 12, output u: NOT equal within 1e-5 (found -0.10231.., expected -0.09400..)
          served      last 6 inputs from the initial state, 104 bytes of state per series
          largest difference to expected 0 at series s0 step 0, output u: equal within 1e-5
          the expected outputs come from windows of 6: serve with sequence.window: 6
          """,
            ""),
        csv("--window", "6"));
    assertEquals(
        new Said(
            1,
            """
          model       model@8d3b585a
          compared    80 of 80 steps of 2 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected 0.0083 at series s0 step 12, output u: NOT equal within 1e-5 (found -0.10231.., expected -0.09400..)
          served      last 5 inputs from the initial state, 84 bytes of state per series
          largest difference to expected 0.0092 at series s0 step 14, output u: NOT equal within 1e-5 (found -0.11460.., expected -0.10535..)
          neither way gives the expected outputs
          the expected outputs are equal at first and then part, as windows of 6 do: compare with --window 6
          """,
            ""),
        csv("--window", "5"));
    assertEquals(
        new Said(
            1,
            """
          model       model@8d3b585a
          compared    80 of 80 steps of 2 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected 0.0083 at series s0 step 12, output u: NOT equal within 1e-5 (found -0.10231.., expected -0.09400..)
          the expected outputs are equal at first and then part, as windows of 6 do: compare with --window 6
          """,
            ""),
        csv());
    windows(0, 40, 2);
    assertEquals(
        new Said(
            1,
            """
          model       model@8d3b585a
          compared    80 of 80 steps of 2 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected 0 at series s0 step 0, output u: equal within 1e-5
          served      last 6 inputs from the initial state, 104 bytes of state per series
          largest difference to expected 0.0083 at series s0 step 12, output u: NOT equal within 1e-5 (found -0.09400.., expected -0.10231..)
          the expected outputs come from the stateful model: serve without sequence.window
          """,
            ""),
        csv("--window", "6"));
    assertEquals(
        new Said(
            0,
            """
          model       model@8d3b585a
          compared    80 of 80 steps of 2 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected 0 at series s0 step 0, output u: equal within 1e-5
          served      last 40 inputs from the initial state, 784 bytes of state per series
          largest difference to expected 0 at series s0 step 0, output u: equal within 1e-5
          both ways give the expected outputs: no series is longer than the window, compare with longer ones
          """,
            ""),
        csv("--window", "40"));
    windows(6, 6, 1);
    assertEquals(
        new Said(
            0,
            """
          model       model@8d3b585a
          compared    6 of 6 steps of 1 series, 2 outputs each
          served      stateful, 128 bytes of state per series
          largest difference to expected 0 at series s0 step 0, output u: equal within 1e-5
          served      last 6 inputs from the initial state, 104 bytes of state per series
          largest difference to expected 0 at series s0 step 0, output u: equal within 1e-5
          both ways give the expected outputs: no series is longer than the window, compare with longer ones
          """,
            ""),
        csv("--window", "6"));
  }

  @Test
  void theWindowOfALastStepIsFound() throws IOException {
    RecurrentModel model = golden(LAST).model();
    Random random = new Random(8);
    List<String> in = new ArrayList<>(List.of("series,a,b,c,d,e"));
    List<String> out = new ArrayList<>(List.of("series,u"));
    for (int s = 0; s < 3; s++) {
      float[][] inputs = new float[3 + 4 * s][5];
      for (float[] input : inputs) {
        for (int i = 0; i < 5; i++) {
          input[i] = (float) random.nextGaussian() * 3;
        }
        in.add(row("s" + s, input));
      }
      float[][] last = Arrays.copyOfRange(inputs, Math.max(0, inputs.length - 4), inputs.length);
      out.add(row("s" + s, new DynamicUnroll(model).run(new float[][][] {last}).lastOutputs()[0]));
    }
    write("x.csv", in);
    write("y.csv", out);
    Said said = csv("--tolerance", "1e-6");
    assertEquals(1, said.code());
    assertEquals(
        "the expected outputs are equal at first and then part, as windows of 4 do: compare with"
            + " --window 4",
        said.out().lines().skip(4).findFirst().orElse(said.out()));
    said = csv("--tolerance", "1e-6", "--window", "4");
    assertEquals(0, said.code(), said.out());
  }

  @Test
  void lastStepsOfAModelOfEveryStep() throws IOException {
    GoldenCase golden = csvOf(LSTM);
    List<String> out = new ArrayList<>(List.of("step,series,u,v"));
    for (int b : new int[] {2, 0, 3, 1}) { // in any order
      out.add(row("32,s" + b, golden.output()[b][32]));
    }
    write("y.csv", out);
    Said said = csv("--last");
    assertEquals(0, said.code(), said.out() + said.err());
    assertEquals(
        "compared    the last steps of 4 series, 132 steps in all, 2 outputs each",
        said.out().lines().skip(1).findFirst().orElse(""));
  }

  @Test
  void expectedRowsMayComeSeriesBySeries() throws IOException {
    csvOf(LSTM);
    List<String> lines = Files.readAllLines(folder.resolve("y.csv"));
    List<String> bySeries = new ArrayList<>(List.of(lines.get(0)));
    for (int b = 3; b >= 0; b--) {
      String series = "s" + b + ",";
      lines.stream().filter(line -> line.startsWith(series)).forEach(bySeries::add);
    }
    write("y.csv", bySeries);
    assertEquals(0, csv().code());
  }

  @Test
  void oneSeriesNeedsNoNameAndEmptyOutputsAreNotCompared() throws IOException {
    windows(0, 4, 1);
    for (String file : List.of("x.csv", "y.csv")) {
      write(
          file,
          Files.readAllLines(folder.resolve(file)).stream()
              .map(line -> line.substring(line.indexOf(',') + 1))
              .toList());
    }
    replace("y.csv", 2, ",");
    replace("y.csv", 4, "0.25,1");
    Said said = csv();
    assertEquals(1, said.code(), said.err());
    assertEquals(
        List.of(
            "compared    3 of 4 steps of 1 series, 2 outputs each",
            "largest difference to expected 0.86 at step 2, output v: NOT equal within 1e-5"),
        said.out()
            .lines()
            .map(line -> line.replaceAll(" \\(found .*", ""))
            .filter(line -> line.startsWith("compared") || line.startsWith("largest"))
            .toList());
  }

  @Test
  void whatTheStreamRejectsIsToldWithItsPlace() throws IOException {
    windows(0, 4, 1);
    replace("x.csv", 4, "s0,1,2,nan,4,5");
    Said said = csv();
    assertEquals(1, said.code());
    assertEquals(
        """
        rejected    1 of 4 steps, as the stream would
                    x.csv:4 (series s0 step 2): feature 'c': found NaN, expected a finite number
        no number to compare with at series s0 step 2, output u: NOT equal
        """,
        said.out()
                .lines()
                .skip(3)
                .map(line -> line.replaceAll(" \\(found no output, .*", ""))
                .collect(Collectors.joining("\n"))
            + "\n");
    // Where nothing is expected either, the other steps count.
    windows(0, 4, 1);
    replace("x.csv", 5, "s0,1,2,1e39,4,5");
    replace("y.csv", 5, "s0,NaN,nan");
    said = csv();
    assertEquals(0, said.code(), said.out());
    assertTrue(said.out().contains("x.csv:5 (series s0 step 3): feature 'c': found Infinity,"));
  }

  @Test
  void wrongUse() throws IOException {
    windows(0, 4, 1);
    for (String[] use :
        new String[][] {
          {
            "found nothing to compare with, expected --input CSV and --expected CSV, or --golden JSON",
            "@model.onnx"
          },
          {
            "found one of --input and --expected, expected --input CSV and --expected CSV, or"
                + " --golden JSON",
            "@model.onnx",
            "--input",
            "@x.csv"
          },
          {
            "--golden has inputs and outputs: found --input, --expected or --last beside it",
            "@model.onnx",
            "--golden",
            "@case.json",
            "--last"
          },
          {
            "--window: found 0, expected 1 to 100000",
            "@model.onnx",
            "--golden",
            "@case.json",
            "--window",
            "0"
          },
          {
            "--tolerance: found 'abc', expected a number above 0",
            "@model.onnx",
            "--golden",
            "@case.json",
            "--tolerance",
            "abc"
          },
          {
            "--state: found 'h_in', expected INPUT=OUTPUT",
            "@model.onnx",
            "--golden",
            "@case.json",
            "--state",
            "h_in"
          },
          {
            "--state: found 'h_in=', expected INPUT=OUTPUT",
            "@model.onnx",
            "--golden",
            "@case.json",
            "--state",
            "h_in="
          },
          {
            "--tolerance: found '-1', expected a number above 0",
            "@model.onnx",
            "--golden",
            "@case.json",
            "--tolerance",
            "-1"
          },
          {"Missing required parameter: 'MODEL.onnx'", "--golden", "@case.json"},
        }) {
      Said said = verify(Arrays.copyOfRange(use, 1, use.length));
      assertEquals(2, said.code(), said.err());
      assertEquals("", said.out());
      assertEquals(use[0], said.err().lines().findFirst().orElse(""));
    }
  }

  private void refused(String message) {
    assertEquals(new Said(1, "", message + "\n"), csv());
  }

  @Test
  void csvThatDoesNotFit() throws IOException {
    windows(0, 4, 2);
    replace("x.csv", 1, "series,a,b,c,d,timestamp");
    refused("x.csv:1: found 4 columns for the features (a, b, c, d), expected 5");
    windows(0, 4, 2);
    replace("y.csv", 1, "series,u,timestamp");
    refused("y.csv:1: found 1 column for the outputs (u), expected 2");
    windows(0, 4, 2);
    replace("x.csv", 3, "s0,1,2,3,4");
    refused("x.csv:3: found 5 columns, expected 6 as in the header (series, a, b, c, d, e)");
    replace("x.csv", 3, "s0,1,2,three,4,5");
    refused("x.csv:3: column 'c': found 'three', expected a number");
    replace("x.csv", 3, "s0,1,,3,4,5");
    refused("x.csv:3: column 'b': found nothing, expected a number");
    replace("x.csv", 3, " ,1,2,3,4,5");
    refused("x.csv:3: column 'series': found nothing, expected the name of a series");
    windows(0, 4, 2);
    replace("y.csv", 3, "s0,1,");
    refused("y.csv:3: column 'v': found nothing, expected a number");
    replace("y.csv", 3, "s7,1,2");
    refused("y.csv: found no row for series s0 step 3, expected one as x.csv:5");
    windows(0, 4, 2);
    write("y.csv", Files.readAllLines(folder.resolve("y.csv")).subList(0, 8));
    refused("y.csv: found no row for series s1 step 3, expected one as x.csv:9");
    windows(0, 4, 2);
    write("x.csv", Files.readAllLines(folder.resolve("x.csv")).subList(0, 7));
    refused("y.csv:8: found a row more of series s1 than the 2 of x.csv");
    write("x.csv", Files.readAllLines(folder.resolve("x.csv")).subList(0, 1));
    refused("x.csv:1: found no rows behind the header");
    write("x.csv", List.of());
    refused("x.csv: found an empty file, expected a line with the names of the columns");
    Files.delete(folder.resolve("x.csv"));
    refused("x.csv: no such file");
    csvOf(LSTM);
    replace("y.csv", 7, "s1,2,0.5,0.25");
    refused("y.csv:7: column 'step': found '2', expected 1");
    windows(0, 4, 1);
    replace("x.csv", 1, "a,b,c,d,e,timestamp");
    refused("y.csv:1: found a column 'series', expected one in x.csv too");
    windows(0, 2, 1);
    write("y.csv", List.of("series,u,v", "s0,,", "s0,,"));
    refused("found no expected outputs to compare with, expected at least one");
  }

  @Test
  void hintsAtHowTheCsvWasWritten() throws IOException {
    windows(0, 4, 1);
    replace("x.csv", 1, "series;a;b;c;d;e");
    refused("x.csv:1: found one column 'series;a;b;c;d;e', expected a comma as separator");
    windows(0, 4, 1);
    replace("y.csv", 1, "series\tu\tv");
    refused("y.csv:1: found one column 'series\\tu\\tv', expected a comma as separator");
    windows(0, 4, 1);
    replace("y.csv", 1, ",series,u,v");
    refused(
        "y.csv:1: found 3 columns for the outputs (, u, v), expected 2; the first column has no"
            + " name: if it is the index of pandas, write it with index=False");
  }

  @Test
  void hintsAtExpectedOutputsOfLastSteps() throws IOException {
    String hint = "; with one row per series, compare last steps: --last";
    windows(0, 4, 2);
    List<String> rows = Files.readAllLines(folder.resolve("y.csv"));
    write("y.csv", List.of(rows.get(0), rows.get(4), rows.get(8)));
    refused("y.csv: found no row for series s0 step 1, expected one as x.csv:3" + hint);
    assertEquals(0, csv("--last").code());
    write("y.csv", List.of("u,v", rows.get(4).substring(3), rows.get(8).substring(3)));
    refused("y.csv: found no row for series s0 step 2, expected one as x.csv:4" + hint);
    assertEquals(0, csv("--last").code());
    write("y.csv", List.of("step," + rows.get(0), "3," + rows.get(4), "3," + rows.get(8)));
    refused("y.csv:2: column 'step': found '3', expected 0" + hint);
    assertEquals(0, csv("--last").code());
    // Of one series alone they are not the last steps.
    write("y.csv", List.of(rows.get(0), rows.get(4)));
    refused("y.csv: found no row for series s0 step 1, expected one as x.csv:3");
  }

  @Test
  void outputsNumberedAsAPipelineNumbersThemMayComeInAnyOrder() throws IOException {
    windows(0, 4, 1);
    List<String> turned = new ArrayList<>(List.of("y1,series,y0"));
    for (String line : Files.readAllLines(folder.resolve("y.csv")).subList(1, 5)) {
      String[] values = line.split(",", -1);
      turned.add(values[2] + "," + values[0] + "," + values[1]);
    }
    write("y.csv", turned);
    assertEquals(0, csv().code(), csv().out() + csv().err());
    replace("y.csv", 1, "y2,series,y1"); // not the default names: in order
    assertEquals(1, csv().code());
  }

  @Test
  void lastStepsThatDoNotFit() throws IOException {
    csvOf(LAST);
    List<String> good = Files.readAllLines(folder.resolve("y.csv"));
    replace("y.csv", 4, "s1,0.5");
    refused(
        "y.csv:4: found series s1 a second time, expected one row per series: its first is at"
            + " y.csv:3");
    replace("y.csv", 4, "s9,0.5");
    refused("y.csv:4: found series s9, expected one of x.csv");
    write("y.csv", good.subList(0, 4));
    refused("y.csv: found no row for series s3, expected one per series of x.csv");
    write("y.csv", List.of("u", "1", "2", "3", "4", "5"));
    refused("y.csv:6: found a row more than the 4 series of x.csv");
    write("y.csv", List.of("step,series,u", "19,s0,1"));
    refused("y.csv:2: column 'step': found '19', expected 20");
  }

  /** Puts a timestamp of its own before each row: 100, 101, ... */
  private void stamp(String file, String suffix) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(file));
    List<String> stamped = new ArrayList<>(List.of("timestamp," + lines.get(0)));
    for (int i = 1; i < lines.size(); i++) {
      stamped.add(99 + i + suffix + "," + lines.get(i));
    }
    write(file, stamped);
  }

  private void swap(String file, int line, int other) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(file));
    replace(file, line, lines.get(other - 1));
    replace(file, other, lines.get(line - 1));
  }

  @Test
  void timestampsOfBothFilesAreHeldAgainstEachOther() throws IOException {
    windows(0, 4, 2);
    stamp("x.csv", "");
    assertEquals(0, csv().code(), csv().err()); // one file alone says nothing
    stamp("y.csv", ".0");
    assertEquals(0, csv().code(), csv().err());
    swap("y.csv", 3, 5);
    refused("y.csv:3: column 'timestamp': found '103.0', expected '101' as x.csv:3");
    windows(0, 4, 2);
    stamp("x.csv", "Z");
    stamp("y.csv", "Z");
    swap("x.csv", 7, 8);
    refused("y.csv:7: column 'timestamp': found '105Z', expected '106Z' as x.csv:7");
    replace(
        "y.csv", 2, Files.readAllLines(folder.resolve("y.csv")).get(1).substring("100Z".length()));
    refused("y.csv:2: column 'timestamp': found '', expected '100Z' as x.csv:2");
  }

  @Test
  void timestampsOfLastSteps() throws IOException {
    windows(0, 4, 2);
    stamp("x.csv", "");
    stamp("y.csv", "");
    List<String> rows = Files.readAllLines(folder.resolve("y.csv"));
    write("y.csv", List.of(rows.get(0), rows.get(8), rows.get(4)));
    assertEquals(0, csv("--last").code(), csv("--last").err());
    write("y.csv", List.of(rows.get(0), rows.get(8), rows.get(3)));
    assertEquals(
        new Said(1, "", "y.csv:3: column 'timestamp': found '102', expected '103' as x.csv:5\n"),
        csv("--last"));
  }

  @Test
  void namesOfTheModelCount() throws IOException, OnnxException {
    golden("01-basic-rnn-cell");
    Path file = folder.resolve("model.onnx");
    OnnxMl.ModelProto.Builder proto =
        OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    proto.addMetadataPropsBuilder().setKey("features").setValue("rain,wind,sun");
    proto.addMetadataPropsBuilder().setKey("outputs").setValue("p,q,r,s,t");
    Files.write(file, proto.build().toByteArray());
    float[] found =
        new DynamicUnroll(OnnxFile.load(file).read())
            .run(new float[][][] {{{3, 1, 2}}})
            .outputs()[0][0];
    float[] turned = {found[4], found[3], found[2], found[1], found[0]};
    write("x.csv", List.of("wind,note,sun,rain", "1,a,2,3"));
    write("y.csv", List.of("t,s,r,q,p", row("", turned)));
    assertEquals(0, csv().code(), csv().out() + csv().err());
    write("y.csv", List.of("a,b,c,d,e", row("", found))); // no name of the model's: in order
    assertEquals(0, csv().code(), csv().out() + csv().err());
    write("y.csv", List.of("p,q,r,s,u", row("", found)));
    refused(
        "y.csv:1: found no column 't' among p, q, r, s, u, expected the model's outputs p, q, r, s, t");
    write("x.csv", List.of("wind,sun,humidity", "1,2,3"));
    refused(
        "x.csv:1: found no column 'rain' among wind, sun, humidity, expected the model's features"
            + " rain, wind, sun");
  }

  private void refusedCase(String json, String message) throws IOException {
    Files.writeString(folder.resolve("case.json"), json);
    assertEquals(
        new Said(1, "", "case.json" + message + "\n"),
        verify("@model.onnx", "--golden", "@case.json"));
  }

  @Test
  void goldenThatDoesNotFit() throws IOException {
    golden("01-basic-rnn-cell");
    String in = "\"input\": [[[1, 2, 3]]]";
    String out = "\"output\": [[[1, 2, 3, 4, 5]]]";
    refusedCase(
        "{\"a\" 1}",
        ":1:6: not JSON: Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value");
    refusedCase("[1]", ": found no JSON object, expected a golden case");
    refusedCase("{}", ": input: found nothing, expected a list");
    refusedCase(
        "{\"layout\": \"time\"}",
        ": layout: found 'time', expected batch,time,feature or time,batch,feature: others are not"
            + " streamed");
    refusedCase("{\"input\": [[[1, 2]]]}", ": input[0][0]: found 2 values, expected 3");
    refusedCase(
        "{\"input\": [[[1, 2, \"a\"]]]}", ": input[0][0][2]: found \"a\", expected a number");
    refusedCase(
        "{\"input\": [[]]}",
        ": input: found a sample of 0 steps, or none, expected at least 1 of 1");
    refusedCase(
        "{" + in + ", \"tokens\": [[1]]}",
        ": found no 'output' among input, tokens, expected the outputs of every step or of the last"
            + " one; what a decoder makes of its own outputs is not streamed");
    refusedCase(
        "{" + in + ", \"output\": [[[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]]}",
        ": output[0]: found 2 steps, expected 1");
    refusedCase("{" + in + ", \"output\": []}", ": output: found a list of 0, expected 1");
    refusedCase(
        "{" + in + "," + out + ", \"lengths\": [2], \"output_by_length\": [[[1, 2, 3, 4, 5]]]}",
        ": lengths[0]: found 2, expected 1 to 1");
    refusedCase(
        "{" + in + "," + out + ", \"h0\": [[[1, 2, 3, 4, 5]], [[1, 2, 3, 4, 5]]]}",
        ": h0: found a list of 2, expected 1");
    refusedCase(
        "{" + in + "," + out + ", \"h0\": [[[1, 2, 3, 4]]]}",
        ": h0[0][0]: found 4 values, expected 5");
    refusedCase("{\"vector\": [[1, 2, 3]], \"steps\": 0}", ": steps: found 0, expected at least 1");
  }

  @Test
  void aModelThatCannotBeReadIsTold() throws IOException {
    golden("14-one-step-graph-named-states");
    Said said = verify("@model.onnx", "--input", "@x.csv", "--expected", "@y.csv");
    assertEquals(1, said.code());
    assertEquals(
        """
        model.onnx: no recurrent node. If the graph is one step, name its states: states: {INPUT: OUTPUT}; its inputs are x, h_in, c_in, g_in, its outputs y, h_out, c_out, g_out
        here: --state INPUT=OUTPUT
        """,
        said.err());
    assertEquals(
        new Said(1, "", folder + ": found a folder, expected an ONNX model\n"),
        verify(folder.toString(), "--golden", "@case.json"));
  }

  @Test
  void whatIsServedIsSaidWhereThePersonInsists() throws IOException {
    Files.write(
        folder.resolve("model.onnx"), GoldenCase.bytes("refused/batch-first-forgotten.onnx"));
    write("x.csv", List.of("series,step,x0,x1,x2", "s,0,0.5,-1,2", "s,1,1,0.25,-0.5"));
    write("y.csv", List.of("series,step,y0,y1", "s,0,0,0", "s,1,0,0"));
    Said said = csv("--stateful");
    String first = said.out().lines().limit(2).collect(Collectors.joining("\n"));
    assertTrue(
        first.endsWith(
            "runs along the stream's steps, as the pipeline insists; the graph runs it along the"
                + " axis that it names 'batch'"),
        said.out() + said.err());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsNotWaitedFor() throws Exception {
    csvOf(LSTM);
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals(
        new Said(1, "", "pipe: found a pipe or a device, expected a golden case as JSON\n"),
        verify("@model.onnx", "--golden", "@pipe"));
    for (String[] files : new String[][] {{"@pipe", "@y.csv"}, {"@x.csv", "@pipe"}}) {
      assertEquals(
          new Said(1, "", "pipe: found a pipe or a device, expected a CSV file\n"),
          verify("@model.onnx", "--input", files[0], "--expected", files[1]));
    }
  }
}
