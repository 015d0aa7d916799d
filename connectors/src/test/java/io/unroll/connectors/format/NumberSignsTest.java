package io.unroll.connectors.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberSignsTest {
  private static final long SEED = seed();
  private static final int ROUNDS = 20_000;
  private static final NumberSigns GERMAN = new NumberSigns(',', '.');

  private static long seed() {
    String given = System.getProperty("seed", "");
    return given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1.234,5;1234.5",
        "1234,5;1234.5",
        "-12.345.678;-12345678",
        "+1,5;+1.5",
        ",5;.5",
        "5,;5.",
        "1,5e3;1.5e3",
        "7;7",
        "0,001;0.001",
      })
  void readsNumbersWithTheirSigns(String text, String plain) {
    assertEquals(plain, GERMAN.plain(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "1.23",
        "1.2345",
        "12.34.567",
        "1234.567",
        "1.234.",
        ".123",
        "0.123",
        "-0.123",
        "012.345",
        "1..234",
        "1,234.5",
        "1,234,5",
        "1.234e3",
        "1.234,5e3",
        "",
        "-",
        ",",
        ".",
        "1 234,5",
        "NaN",
        "0x1",
        "1,5f",
      })
  void neverGuesses(String text) {
    assertNull(GERMAN.plain(text));
  }

  @Test
  void aBlankBetweenThousandsMayBeOneThatDoesNotBreak() {
    NumberSigns french = new NumberSigns(',', ' ');
    for (String text : List.of("1 234,5", "1\u00a0234,5", "1\u202f234,5")) {
      assertEquals("1234.5", french.plain(text));
    }
    assertNull(french.plain("1  234"));
    assertEquals("1234.5", new NumberSigns('.', '\'').plain("1'234.5"));
  }

  @Test
  void twoSignsAreTwo() {
    assertThrows(IllegalArgumentException.class, () -> new NumberSigns(',', ','));
  }

  /** The slow and plain way: by a pattern of what a number is. */
  private static @Nullable String oracle(NumberSigns signs, String text) {
    boolean grouping = signs.thousands() != NumberSigns.NONE;
    String thousands =
        signs.thousands() == ' '
            ? "[ \u00a0\u202f]"
            : Pattern.quote(String.valueOf(signs.thousands()));
    String decimal = Pattern.quote(String.valueOf(signs.decimal()));
    Matcher ungrouped =
        Pattern.compile("([-+]?)([0-9]*)(?:" + decimal + "([0-9]*))?((?:[eE][-+]?[0-9]+)?)")
            .matcher(text);
    if (ungrouped.matches()) {
      String fraction = ungrouped.group(3) == null ? "" : ungrouped.group(3);
      return ungrouped.group(2).isEmpty() && fraction.isEmpty()
          ? null
          : ungrouped.group(1)
              + ungrouped.group(2)
              + (ungrouped.group(3) == null ? "" : "." + fraction)
              + ungrouped.group(4);
    }
    Matcher grouped =
        Pattern.compile(
                "([-+]?)([1-9][0-9]{0,2}(?:"
                    + thousands
                    + "[0-9]{3})+)(?:"
                    + decimal
                    + "([0-9]*))?")
            .matcher(text);
    return grouping && grouped.matches()
        ? grouped.group(1)
            + grouped.group(2).replaceAll(thousands, "")
            + (grouped.group(3) == null ? "" : "." + grouped.group(3))
        : null;
  }

  @Test
  void agreesWithTheSlowWay() {
    Random random = new Random(SEED);
    String parts = "0123456789.,' e-+\u00a0\u202fx";
    int numbers = 0;
    for (int round = 0; round < ROUNDS; round++) {
      char[] signs = {'.', ',', ' ', '\'', '\u00a0', NumberSigns.NONE};
      char decimal = signs[random.nextInt(4)];
      char thousands = signs[random.nextInt(signs.length)];
      if (decimal == thousands) {
        continue;
      }
      NumberSigns with = new NumberSigns(decimal, thousands);
      StringBuilder text = new StringBuilder();
      if (random.nextBoolean()) {
        for (int groups = 1 + random.nextInt(3); groups > 0; groups--) {
          text.append(random.nextInt(1000)).append(thousands == NumberSigns.NONE ? "" : thousands);
        }
        text.append(100 + random.nextInt(900)).append(decimal).append(random.nextInt(100));
      }
      for (int more = random.nextInt(6); more > 0; more--) {
        text.insert(
            random.nextInt(text.length() + 1), parts.charAt(random.nextInt(parts.length())));
      }
      String number = with.plain(text.toString());
      assertEquals(
          oracle(with, text.toString()), number, () -> with + " '" + text + "', seed " + SEED);
      if (number != null) {
        numbers++;
        assertTrue(Double.isFinite(Double.parseDouble(number)) || number.contains("e"), number);
      }
    }
    assertTrue(numbers > ROUNDS / 20, numbers + " numbers, seed " + SEED);
  }
}
