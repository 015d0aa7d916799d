package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code inspect} on every golden model. */
final class InspectTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "01-basic-rnn-cell                        | model   | RNN '/rnn/RNN' 3 -> 5           | 20",
        "02-relu-rnn-2layer-dense                 | model   | RNN '/rnn/RNN_1' 12 -> 12, relu | 96",
        "03-lstm-dense-every-step                 | model   | LSTM '/rnn/LSTM' 5 -> 16        | 128",
        "04-lstm-2layer-dropout-last-step-sigmoid | model   | LSTM '/rnn/LSTM_1' 16 -> 16     | 256",
        "05-gru-2layer-layernorm-softmax          | model   | GRU '/rnn/GRU_1' 20 -> 20       | 160",
        "06-lstm-time-major-initial-state         | model   | LSTM '/rnn/LSTM_1' 10 -> 10     | 160",
        "07-gru-skip-connection                   | model   | GRU '/rnn/GRU' 8 -> 8           | 32",
        "08-encoder-decoder-eos                   | encoder | GRU '/rnn/GRU' 6 -> 48          | 192",
        "08-encoder-decoder-eos                   | decoder | GRU '/rnn/GRU' 8 -> 48          | 192",
        "09-vector-to-sequence                    | model   | LSTM '/rnn/LSTM' 4 -> 12        | 96",
        "10-lstm-weights-computed-in-graph        | model   | LSTM 'Y' 5 -> 14                | 112",
        "11-torch-default-exporter-lstm-2layer    | model   | LSTM 'node_LSTM_129' 14 -> 14   | 224",
        "12-torch-default-exporter-gru-fixed-axes | model   | GRU 'node_gru__1' 4 -> 10       | 40",
        "13-torch-default-exporter-gru-last-step  | model   | Dense 'node_linear' 10 -> 2     | 40",
        "15-keras-lstm-gru-dense                  | model   | GRU 'GRU_5' 12 -> 8             | 128",
        "16-keras-simplernn-relu-last-step        | model   | RNN 'RNN_1' 5 -> 9, relu        | 36",
        "21-tf1-multi-rnn-projection              | model   | Dense 'fully_connected/product' | 80"
      })
  void showsLayersAndBytesPerSeries(String name, String file, String layer, int bytes)
      throws Exception {
    Path model = GoldenPipeline.writeModel(folder, GoldenCase.load(name), file);
    Said said = Said.by("inspect", model);
    assertEquals(0, said.code(), said.err());
    assertEquals("", said.err());
    assertTrue(said.out().contains(layer), said.out());
    assertTrue(said.out().contains(" " + bytes + " bytes per series\n"), said.out());
    assertTrue(said.out().contains("parameters"), said.out());
    assertFalse(said.out().contains("\n\n"), said.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "14-one-step-graph-named-states  | model   | no recurrent node. If the graph is one step, name its states"
      })
  void aRefusalIsTheResultAndNoSuccess(String name, String file, String reason) throws Exception {
    Path model = GoldenPipeline.writeModel(folder, GoldenCase.load(name), file);
    Said said = Said.by("inspect", model);
    assertEquals(1, said.code());
    assertEquals(2, said.outLines().size(), said.out());
    assertTrue(said.out().startsWith(model + ": " + reason), said.out());
    assertEquals("here: --state INPUT=OUTPUT", said.outLines().get(1));
    assertEquals("", said.err());
  }

  @Test
  void readsAGraphOverOneStepByTheStatesNamed() throws Exception {
    Path model =
        GoldenPipeline.writeModel(
            folder, GoldenCase.load("14-one-step-graph-named-states"), "model");
    Said said =
        Said.by(
            "inspect",
            model,
            "--state",
            "h_in=h_out",
            "--state",
            "c_in=c_out",
            "--state",
            "g_in=g_out",
            "--output",
            "y");
    assertEquals(0, said.code(), said.out() + said.err());
    assertTrue(said.out().contains("c_in = c_out, g_in = g_out, h_in = h_out"), said.out());
    assertTrue(said.out().contains(" 96 bytes per series\n"), said.out());
    Said wrong = Said.by("inspect", model, "--state", "h_in");
    assertEquals(2, wrong.code());
    assertEquals("--state: found 'h_in', expected INPUT=OUTPUT", wrong.errLines().get(0));
  }

  @Test
  void addsUpTheStateOfManySeries() throws Exception {
    Path model = GoldenPipeline.writeModel(folder, GoldenCase.load("01-basic-rnn-cell"), "model");
    Said said = Said.by("inspect", "--series", "1000000", model);
    assertEquals(0, said.code(), said.err());
    List<String> lines = said.outLines();
    String last = lines.get(lines.size() - 1);
    assertTrue(last.startsWith("series "), last);
    assertEquals("100000020000000", last.replaceAll("\\(.*\\)|[^0-9]", ""), last);
    assertTrue(last.contains("(19.1 MiB)"), last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "9223372036854775807", "many"})
  void aNumberOfSeriesThatMakesNoSenseIsWrongUse(String series) throws Exception {
    Path model = GoldenPipeline.writeModel(folder, GoldenCase.load("01-basic-rnn-cell"), "model");
    Said said = Said.by("inspect", "--series", series, model);
    assertEquals(2, said.code());
    assertEquals("", said.out());
    assertTrue(said.err().contains("--series"), said.err());
    assertTrue(said.err().contains(series), said.err());
    assertFalse(said.hasTrace(), said.err());
  }

  @Test
  void aMissingFileAndAFolderAreNamed() {
    Path missing = folder.resolve("none.onnx");
    assertEquals(new Said(1, "", missing + ": no such file\n"), Said.by("inspect", missing));
    assertEquals(
        new Said(1, "", folder + ": found a folder, expected an ONNX model\n"),
        Said.by("inspect", folder));
  }
}
