package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a model is to be read, on the command line. */
final class ModelOptionsTest {
  @TempDir private Path folder;

  private record Said(int code, String out, String err) {}

  private Said inspect(String resource, String... options) throws IOException {
    Path model = Files.write(folder.resolve("m.onnx"), GoldenCase.bytes(resource));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[options.length + 2];
    words[0] = "inspect";
    words[1] = model.toString();
    System.arraycopy(options, 0, words, 2, options.length);
    int code =
        Cli.commandLine(
                (job, use, progress, results) -> {
                  throw new IllegalStateException("inspect runs no pipeline");
                })
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err, true))
            .execute(words);
    return new Said(code, out.toString(), err.toString());
  }

  @Test
  void statesMayStandInOneOptionWithCommas() throws IOException {
    String model = "golden/14-one-step-graph-named-states/model.onnx";
    Said one = inspect(model, "--state", "h_in=h_out,c_in=c_out,g_in=g_out");
    assertEquals(0, one.code(), one.out() + one.err());
    Said several =
        inspect(model, "--state", "h_in=h_out", "--state", "c_in=c_out", "--state", "g_in=g_out");
    assertEquals(several, one);
    Said wrong = inspect(model, "--state", "h_in=h_out,c_in");
    assertEquals(1, wrong.code());
    assertTrue(wrong.out().contains("no such output"), wrong.out());
    Said unfinished = inspect(model, "--state", "h_in=h_out,c_in=");
    assertEquals(2, unfinished.code());
    assertTrue(
        unfinished.err().startsWith("--state: found 'c_in=', expected INPUT=OUTPUT"),
        unfinished.err());
  }

  @Test
  void aRefusalThatCanBeInsistedOnNamesTheOption() throws IOException {
    Said refused = inspect("refused/batch-first-forgotten.onnx");
    assertEquals(1, refused.code());
    String line = System.lineSeparator();
    assertTrue(
        refused.out().endsWith("insist: stateful: true" + line + "here: --stateful" + line),
        refused.out());
    Said insisted = inspect("refused/batch-first-forgotten.onnx", "--stateful");
    assertEquals(0, insisted.code(), insisted.out());
    assertTrue(
        insisted.out().contains("the graph runs it along the axis that it names 'batch'"),
        insisted.out());
  }
}
