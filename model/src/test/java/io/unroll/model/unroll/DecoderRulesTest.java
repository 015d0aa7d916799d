package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Allocation;
import io.unroll.model.RecurrentModel;
import io.unroll.model.cell.Models;
import io.unroll.model.cell.Models.Kind;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the rules of a decoder refuse, and what they write into one row of a batch. */
final class DecoderRulesTest {
  private static final First ZEROS = new First.Zeros();
  private static final First INPUT = new First.Input();

  private static void refused(String message, Runnable run) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, run::run).getMessage());
  }

  /** A network of a GRU with 3 neurons and a head. */
  private static RecurrentModel decoder(int inputs, int outputs) {
    Random random = new Random(1);
    return Models.stack(
        Kind.GRU_1, List.of(Models.weights(random, Kind.GRU_1, inputs, 3)), outputs, random);
  }

  private static void refused(String message, DecoderRules rules, int inputs, int outputs) {
    RecurrentModel decoder = decoder(inputs, outputs);
    refused("decoder 'GRU_1': " + message, () -> new Feedback(rules, decoder));
    refused("decoder 'GRU_1': " + message, () -> new Decoder(decoder, rules));
  }

  @Test
  void whatCanBeToldWithoutANetwork() {
    refused("steps: found 0, expected 1 to 100000", () -> new DecoderRules(ZEROS, Next.ZEROS, 0));
    refused(
        "steps: found 100001, expected 1 to 100000",
        () -> new DecoderRules(ZEROS, Next.ZEROS, 100_001));
    refused(
        "extra inputs: found -1, expected 0 or more",
        () -> new DecoderRules(ZEROS, Next.ZEROS, 1, null, -1));
    refused("first token: found -1, expected 0 to 16777215", () -> new First.Token(-1));
    refused("first token: found 16777216, expected 0 to 16777215", () -> new First.Token(1 << 24));
    refused("stop token: found -1, expected 0 to 16777215", () -> new Stop.Token(-1));
    refused("stop output: found -1, expected 0 or more", () -> new Stop.Above(-1, 0));
    refused(
        "stop threshold: found NaN, expected a finite number", () -> new Stop.Above(0, Float.NaN));
    refused(
        "stop threshold: found Infinity, expected a finite number",
        () -> new Stop.Above(0, Float.POSITIVE_INFINITY));
    for (Next next : List.of(Next.OUTPUT, Next.ZEROS)) {
      refused(
          "stop token: found next " + next + ", expected ARGMAX, which has tokens",
          () -> new DecoderRules(ZEROS, next, 5, new Stop.Token(1), 0));
    }
  }

  @Test
  void whatANetworkTells() {
    refused(
        "extra inputs: found 3, expected 0 to 2, its inputs",
        new DecoderRules(ZEROS, Next.ZEROS, 5, null, 3),
        2,
        2);
    refused(
        "next OUTPUT: found 3 fed inputs, expected 2, one per output",
        new DecoderRules(ZEROS, Next.OUTPUT, 5),
        3,
        2);
    refused(
        "next OUTPUT: found 1 fed inputs beside 1 extra, expected 2, one per output",
        new DecoderRules(ZEROS, Next.OUTPUT, 5, null, 1),
        2,
        2);
    refused(
        "next ARGMAX: found 3 fed inputs, expected 1 (its index) or 4 (one-hot, one per output)",
        new DecoderRules(ZEROS, Next.ARGMAX, 5),
        3,
        4);
    refused(
        "first token: found 3 fed inputs, expected 1 (its index) or 4 (one-hot, one per output)",
        new DecoderRules(new First.Token(0), Next.ZEROS, 5),
        3,
        4);
    refused(
        "first token: found 4, expected 0 to 3, its outputs",
        new DecoderRules(new First.Token(4), Next.ARGMAX, 5),
        4,
        4);
    refused(
        "stop token: found 4, expected 0 to 3, its outputs",
        new DecoderRules(ZEROS, Next.ARGMAX, 5, new Stop.Token(4), 0),
        1,
        4);
    refused(
        "stop output: found 2, expected 0 to 1, its outputs",
        new DecoderRules(ZEROS, Next.OUTPUT, 5, new Stop.Above(2, 0), 0),
        2,
        2);
  }

  /** An embedding may have a row for a start that is never an output. */
  @Test
  void aStartTokenByItsIndexMayLieBehindTheOutputs() {
    Feedback feedback =
        new Feedback(new DecoderRules(new First.Token(4), Next.ARGMAX, 5), decoder(1, 4));
    float[] input = new float[1];
    feedback.first(null, input, 0);
    assertArrayEquals(new float[] {4}, input);
  }

  @Test
  void theFirstVectorIsGivenWhereItIsExpected() {
    Feedback given = new Feedback(new DecoderRules(INPUT, Next.ZEROS, 5), decoder(2, 1));
    float[] input = new float[2];
    refused("first input: found none, expected 2 values", () -> given.first(null, input, 0));
    refused(
        "first input: found 1 value, expected 2 values", () -> given.first(new float[1], input, 0));
    Feedback zeros = new Feedback(new DecoderRules(ZEROS, Next.ZEROS, 5), decoder(2, 1));
    refused(
        "first input: found 2 values, expected none: the rules begin with zeros",
        () -> zeros.first(new float[2], input, 0));
    Feedback token =
        new Feedback(new DecoderRules(new First.Token(0), Next.ARGMAX, 5), decoder(2, 2));
    refused(
        "first input: found 2 values, expected none: the rules begin with a token",
        () -> token.first(new float[2], input, 0));
  }

  private static final float[] OUTPUT = {9, 0.5f, 2, 2, 9}; // a row of three from 1 on

  private static float[] row() {
    return new float[] {7, 7, 7, 7, 7, 7};
  }

  private static Feedback feedback(
      First first, Next next, @Nullable Stop stop, int inputs, int extra) {
    return new Feedback(new DecoderRules(first, next, 5, stop, extra), decoder(inputs, 3));
  }

  /** Whatever stands before, behind and in the extra inputs stays. */
  @Test
  void aRowIsWrittenAtItsOffset() {
    float[] row = row();
    Feedback output = feedback(INPUT, Next.OUTPUT, null, 4, 1);
    assertEquals(3, output.fed());
    output.first(new float[] {1, 2, 3}, row, 1);
    assertArrayEquals(new float[] {7, 1, 2, 3, 7, 7}, row);
    output.next(OUTPUT, 1, row, 1);
    assertArrayEquals(new float[] {7, 0.5f, 2, 2, 7, 7}, row);
    assertEquals(Feedback.NO_TOKEN, output.token(OUTPUT, 1));

    row = row();
    Feedback oneHot = feedback(new First.Token(2), Next.ARGMAX, null, 4, 1);
    oneHot.first(null, row, 1);
    assertArrayEquals(new float[] {7, 0, 0, 1, 7, 7}, row);
    oneHot.next(OUTPUT, 1, row, 1);
    assertArrayEquals(new float[] {7, 0, 1, 0, 7, 7}, row);

    row = row();
    Feedback index = feedback(new First.Token(2), Next.ARGMAX, null, 2, 1);
    assertEquals(1, index.fed());
    index.first(null, row, 1);
    assertArrayEquals(new float[] {7, 2, 7, 7, 7, 7}, row);
    index.next(OUTPUT, 1, row, 1);
    assertArrayEquals(new float[] {7, 1, 7, 7, 7, 7}, row);

    row = row();
    Feedback zeros = feedback(ZEROS, Next.ZEROS, null, 4, 2);
    zeros.first(null, row, 1);
    assertArrayEquals(new float[] {7, 0, 0, 7, 7, 7}, row);
    row = row();
    zeros.next(OUTPUT, 1, row, 1);
    assertArrayEquals(new float[] {7, 0, 0, 7, 7, 7}, row);
  }

  @Test
  void ofEqualOutputsTheFirstIsTheToken() {
    Feedback feedback = feedback(ZEROS, Next.ARGMAX, null, 1, 0);
    assertEquals(1, feedback.token(OUTPUT, 1)); // 0.5, 2, 2
    assertEquals(0, feedback.token(OUTPUT, 0)); // 9, 0.5, 2
    assertEquals(2, feedback.token(OUTPUT, 2)); // 2, 2, 9
    assertEquals(0, feedback.token(new float[] {-3, -3, -3}, 0));
    assertEquals(0, feedback.token(new float[] {-0.0f, 0.0f, 0.0f}, 0));
  }

  @Test
  void stopsAtTheTokenOrAboveTheThreshold() {
    Feedback token = feedback(ZEROS, Next.ARGMAX, new Stop.Token(1), 1, 0);
    assertTrue(token.stops(OUTPUT, 1));
    assertFalse(token.stops(OUTPUT, 0));
    Feedback above = feedback(ZEROS, Next.ZEROS, new Stop.Above(1, 2), 1, 0);
    assertFalse(above.stops(OUTPUT, 1)); // equal is not above
    assertFalse(above.stops(OUTPUT, 0));
    assertTrue(above.stops(new float[] {0, 2.0000002f, 0}, 0));
    Feedback never = feedback(ZEROS, Next.ARGMAX, null, 1, 0);
    assertFalse(never.stops(OUTPUT, 1));
  }

  @Test
  void aRowAllocatesNothing() {
    Feedback feedback = feedback(new First.Token(2), Next.ARGMAX, new Stop.Token(0), 4, 1);
    float[] row = row();
    long bytes =
        Allocation.warm(
            0,
            () -> {
              feedback.first(null, row, 1);
              int token = feedback.token(OUTPUT, 1);
              if (token == 1 && !feedback.stops(OUTPUT, 1)) {
                feedback.next(OUTPUT, 1, row, 1);
              }
            });
    assertEquals(0, bytes);
  }

  @Test
  void rulesTravelInAJob() throws IOException, ClassNotFoundException {
    for (DecoderRules rules :
        List.of(
            new DecoderRules(new First.Token(3), Next.ARGMAX, 20, new Stop.Token(1), 2),
            new DecoderRules(INPUT, Next.OUTPUT, 7, new Stop.Above(1, 0.5f), 0),
            new DecoderRules(ZEROS, Next.ZEROS, 1))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(rules);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertEquals(rules, in.readObject());
      }
    }
  }
}
