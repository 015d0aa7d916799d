package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Transform;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.Decoded;
import io.unroll.model.unroll.Decoder;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Decoders by the Java API. */
final class OwnDecoderTest {
  private static final String TOKENS = "08-encoder-decoder-eos";
  private static final DecoderRules UNTIL_END =
      new DecoderRules(new First.Token(0), Next.ARGMAX, 20, new Stop.Token(1), 0);
  private static final DecoderRules VECTOR = new DecoderRules(new First.Input(), Next.ZEROS, 7);

  private static OnnxFile golden(String name, String file) {
    return new OnnxFile(file, GoldenCase.bytes("golden/" + name + "/" + file + ".onnx"), Map.of());
  }

  private static OnnxFile encoder() {
    return golden(TOKENS, "encoder");
  }

  private static OnnxFile decoder() {
    return golden(TOKENS, "decoder");
  }

  private static OnnxFile trajectory() {
    return golden("09-vector-to-sequence", "model");
  }

  /** Two inputs fed back and two of the calendar; a state of 48, as the encoder's. */
  private static OnnxFile numbers() {
    return OnnxFile.of(
        RecurrentModel.builder()
            .name("numbers")
            .inputs(4)
            .rnn(
                new CellWeights(
                    "rnn", 4, 48, new float[192], new float[48 * 48], new float[48], new float[48]))
            .dense("head", new float[96], new float[2])
            .build());
  }

  private static List<Prediction> run(Unroll unroll, Observation... observations) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    List<Prediction> predictions = new ArrayList<>();
    CloseableIterator<Prediction> results =
        unroll.apply("own", env.fromData(observations)).predictions().collectAsync();
    env.executeAsync("own");
    results.forEachRemaining(predictions::add);
    return predictions;
  }

  /** The third of the golden sequences. */
  private static Observation[] symbols() {
    return new Observation[] {
      Observation.of("A", 1000, 0, 1, 0, 0, 0, 0),
      Observation.of("A", 1001, 1, 0, 0, 0, 0, 0),
      Observation.of("A", 1002, 0, 0, 1, 0, 0, 0).andEnd()
    };
  }

  @Test
  void anEncodersEndIsADecodersBeginning() throws Exception {
    List<Prediction> predictions =
        run(
            Unroll.model(encoder())
                .decoder(decoder(), UNTIL_END)
                .decoderStates(Map.of("h0", "h"))
                .decoderEvery(Duration.ofMinutes(15))
                .emit(Emit.END),
            symbols());
    assertEquals(List.of(4, 2, 3, 1), predictions.stream().map(p -> p.token).toList());
    for (Prediction p : predictions) {
      assertEquals(Prediction.Kind.DECODED, p.kind);
      assertEquals(1002 + p.ahead * 900_000L, p.predicted);
    }
  }

  @Test
  void aForecastHasItsFeaturesAndCalendar() throws Exception {
    List<Prediction> predictions =
        run(
            Unroll.model(encoder())
                .feature("a")
                .feature("b")
                .feature("c")
                .feature("d")
                .feature("e")
                .feature("f")
                .decoder(numbers(), new DecoderRules(new First.Input(), Next.OUTPUT, 5))
                .decoderLast("f", "b")
                .decoderEvery(Duration.ofHours(1))
                .decoderCalendar(Calendar.Cycle.HOUR_OF_DAY, ZoneId.of("Europe/Berlin"))
                .emitEvery(2),
            symbols());
    assertEquals(5, predictions.size());
    assertEquals(Prediction.Kind.FORECAST, predictions.get(0).kind);
  }

  @Test
  void aVectorBecomesASequence() throws Exception {
    List<Prediction> predictions =
        run(
            Unroll.vectorToSequence(trajectory(), VECTOR),
            Observation.of("A", 1000, 0.5, -1, 0.25, 2));
    Decoded expected =
        new Decoder(trajectory().read(), VECTOR).run(null, new float[] {0.5f, -1, 0.25f, 2});
    assertEquals(7, predictions.size());
    for (int i = 0; i < 7; i++) {
      assertArrayEquals(expected.outputs()[i], predictions.get(i).output);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws Exception {
    assertEquals(
        "model.decoder.stop.token: decoder 'decoder': stop token: found 8, expected 0 to 7, its outputs",
        refusal(
            with(
                decoder(),
                new DecoderRules(new First.Token(0), Next.ARGMAX, 20, new Stop.Token(8), 0))));
    assertEquals(
        "model.decoder.states: decoder state: found 'h1', expected one of /rnn/GRU.h, h0",
        refusal(with(decoder(), UNTIL_END).decoderStates(Map.of("h1", "h"))));
    assertEquals(
        "model.decoder.first: found 6 features, expected 1, which decoder 'decoder' is fed: {last:"
            + " [feature, ...]} chooses",
        refusal(with(decoder(), new DecoderRules(new First.Input(), Next.ARGMAX, 20))));
    assertEquals(
        "model.decoder.first.last[0]: found 'z', expected one of x0, x1, x2, x3, x4, x5",
        refusal(
            with(decoder(), new DecoderRules(new First.Input(), Next.ARGMAX, 20))
                .decoderLast("z")));
    assertEquals(
        "model.decoder.first.last: found beside a first step that is fed something else, expected"
            + " first: input",
        refusal(with(decoder(), UNTIL_END).decoderLast("x0")));
    assertEquals(
        "model.decoder.features: found without every, expected it beside: they are of the times"
            + " predicted",
        refusal(
            with(numbers(), new DecoderRules(new First.Zeros(), Next.OUTPUT, 20))
                .decoderCalendar(Calendar.Cycle.DAY_OF_WEEK, ZoneOffset.UTC)));
    assertEquals(
        "model.decoder.features: found 2 inputs that are not fed back, expected 0, two for each of the calendar",
        refusal(with(numbers(), new DecoderRules(new First.Zeros(), Next.OUTPUT, 20, null, 2))));
  }

  @Test
  void anotherDecoderIsToldAnew() throws Exception {
    OnnxFile second = numbers();
    assertEquals(
        with(second, new DecoderRules(new First.Zeros(), Next.OUTPUT, 20))
            .decoderCalendar(Calendar.Cycle.HOUR_OF_DAY, ZoneOffset.UTC)
            .decoderEvery(Duration.ofHours(1))
            .config()
            .decoding(),
        with(decoder(), UNTIL_END)
            .decoderLast("x0")
            .decoderStates(Map.of("h1", "h"))
            .decoderEvery(Duration.ofDays(1))
            .decoderCalendar(Calendar.Cycle.DAY_OF_WEEK, ZoneOffset.UTC)
            .decoder(second, new DecoderRules(new First.Zeros(), Next.OUTPUT, 20))
            .decoderCalendar(Calendar.Cycle.HOUR_OF_DAY, ZoneOffset.UTC)
            .decoderEvery(Duration.ofHours(1))
            .config()
            .decoding());
  }

  @Test
  void whatADecoderAloneHasNotIsRefused() throws Exception {
    assertEquals(
        "observation.features: found 1 feature, expected 4, which model model takes",
        refusal(vector().feature("a")));
    assertEquals(
        "sequence.window: found beside a decoder without an encoder, expected none: each observation is"
            + " a sequence of its own",
        refusal(vector().window(3)));
    assertEquals(
        "sequence.idle-timeout: found beside a decoder without an encoder, expected none: each observation is"
            + " a sequence of its own",
        refusal(vector().idleTimeout(Duration.ofDays(1))));
    assertEquals(
        "observation.features[1].transform: found 'diff' beside a decoder without an encoder, expected"
            + " none: no observation has one before it",
        refusal(vector().feature("a").feature("b", Transform.diff(1)).feature("c").feature("d")));
    assertEquals(
        "model.decoder.states: found without an encoder, expected model.encoder beside the decoder:"
            + " alone it starts from its own initial state",
        refusal(vector().decoderStates(Map.of("h0", "h"))));
    Unroll alone = vector();
    assertEquals(
        "decoder: found a second one, expected a model before it",
        message(IllegalStateException.class, () -> alone.decoder(decoder(), UNTIL_END)));
    assertEquals(
        "model.decoder.every: found PT0.0000001S, expected at least 1 ms",
        refusal(vector().decoderEvery(Duration.ofNanos(100))));
    Unroll without = Unroll.model(encoder());
    assertEquals(
        "decoder: found none, expected decoder(file, rules) before",
        message(IllegalStateException.class, () -> without.decoderEvery(Duration.ofDays(1))));
  }

  private static Unroll with(OnnxFile decoder, DecoderRules rules) throws OnnxException {
    return Unroll.model(encoder()).decoder(decoder, rules);
  }

  private static Unroll vector() throws OnnxException {
    return Unroll.vectorToSequence(trajectory(), VECTOR);
  }

  private static String refusal(Unroll unroll) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    return message(
        IllegalArgumentException.class,
        () -> unroll.apply("own", env.fromData(Observation.of("A", 1, 2))));
  }

  private static String message(Class<? extends Exception> type, Executable call) {
    return String.valueOf(assertThrows(type, call).getMessage());
  }
}
