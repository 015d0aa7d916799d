package io.unroll.job.describe;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a key takes, with its bounds. A door that reads text has a parser for each; what the bounds
 * say is said here, for every door.
 *
 * @param <T> a value of it
 */
public sealed interface Type<T> {
  /** What it takes, in the words of the reference table. */
  String words();

  /** A value as the pipeline file would write it. */
  default String written(T value) {
    return value.toString();
  }

  /**
   * What is wrong with a value.
   *
   * @return what was expected in its place; null if it is fine
   */
  default @Nullable String refusal(T value) {
    return null;
  }

  /**
   * A duration.
   *
   * @param least at least 0
   * @param most at most {@link Durations#LONGEST}
   */
  record Span(Duration least, Duration most) implements Type<Duration> {
    @Override
    public String words() {
      return "duration";
    }

    @Override
    public String written(Duration value) {
      return Durations.words(value);
    }

    @Override
    public @Nullable String refusal(Duration value) {
      if (value.compareTo(least) < 0) {
        return "at least " + least.toMillis() + " ms";
      }
      return value.compareTo(most) > 0 ? atMost() : null;
    }

    /** What is expected of a duration that is too long. */
    public String atMost() {
      boolean days = most.equals(Durations.LONGEST);
      return "at most " + (days ? most.toDays() + " d" : most.toMinutes() + " min");
    }
  }

  /** A unit of time, as its length. */
  record Unit() implements Type<Duration> {
    @Override
    public String words() {
      return String.join(", ", Durations.UNITS);
    }

    @Override
    public String written(Duration value) {
      return Durations.words(value).substring(2);
    }
  }

  /** A whole number, both bounds included. */
  record Whole(long least, long most) implements Type<Long> {
    @Override
    public String words() {
      return "integer";
    }

    @Override
    public @Nullable String refusal(Long value) {
      return value >= least && value <= most ? null : expected();
    }

    /** What is expected of what is no such number. */
    public String expected() {
      return "a whole number from " + least + " to " + most;
    }
  }

  /** A number that is finite as a float32. */
  enum Real implements Type<Double> {
    /** Any. */
    FINITE("a finite number"),
    /** Any but 0. */
    FACTOR("a number other than 0"),
    /** Above 0. */
    POSITIVE("a number above 0"),
    /** A standard deviation. */
    DEVIATION("a standard deviation above 0"),
    /** A number of observations that need not be whole. */
    OBSERVATIONS("a number of observations above 0"),
    /** Above 0 and below 1. */
    FRACTION("a number above 0 and below 1");

    private final String expected;

    Real(String expected) {
      this.expected = expected;
    }

    @Override
    public String words() {
      return "number";
    }

    @Override
    public @Nullable String refusal(Double value) {
      double number = value;
      boolean fits =
          switch (this) {
            case FINITE -> Float.isFinite((float) number);
            case FACTOR -> Double.isFinite(number) && number != 0;
            case POSITIVE, DEVIATION, OBSERVATIONS -> Float.isFinite((float) number) && number > 0;
            case FRACTION -> number > 0 && number < 1;
          };
      return fits ? null : expected;
    }
  }

  /**
   * One of some words.
   *
   * @param known what each of them means, in the order of messages
   * @param later words that a later version will know
   */
  record Word<T>(Supplier<Map<String, T>> known, Set<String> later) implements Type<T> {
    /** What each of them means, in the order of messages. */
    public Map<String, T> values() {
      return known.get();
    }

    /** The words, in the order of messages. */
    public List<String> labels() {
      return List.copyOf(values().keySet());
    }

    @Override
    public String words() {
      return String.join(", ", labels());
    }

    @Override
    public String written(T value) {
      return values().entrySet().stream()
          .filter(entry -> entry.getValue().equals(value))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElseGet(value::toString);
    }

    /** The same, with words that a later version will know. */
    public Word<T> later(String... laterWords) {
      return new Word<>(known, Set.of(laterWords));
    }
  }

  /**
   * A sign of one character: no letter, digit or control character but a tab.
   *
   * @param known words for signs, or for none
   * @param without signs that it cannot be
   */
  record Sign(Map<String, Character> known, String without) implements Type<Character> {
    @Override
    public String words() {
      return String.join(", ", Stream.concat(Stream.of("a character"), names()).toList());
    }

    private Stream<String> names() {
      return known.keySet().stream().sorted();
    }

    @Override
    public String written(Character value) {
      String quotes = value == '"' ? "'" : "\"";
      return known.entrySet().stream()
          .filter(word -> word.getValue().equals(value))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(quotes + value + quotes);
    }

    @Override
    public @Nullable String refusal(Character value) {
      boolean sign =
          value == '\t'
              || !(Character.isLetterOrDigit(value)
                  || Character.isSurrogate(value)
                  || Character.isISOControl(value));
      return sign && without.indexOf(value) < 0 ? null : expected();
    }

    /** What is expected of what is no such sign. */
    public String expected() {
      return "one character in quotes, no letter or digit"
          + names().map(word -> ", or " + word).collect(Collectors.joining());
    }
  }

  /**
   * A text that is not empty.
   *
   * @param words in the table
   * @param expected in messages
   */
  record Text(String words, String expected) implements Type<String> {
    @Override
    public @Nullable String refusal(String value) {
      return value.isBlank() ? expected : null;
    }
  }

  /** A time zone by its name, or an offset. */
  record Zone() implements Type<ZoneId> {
    /** What is expected in messages. */
    public static final String EXPECTED = "a time zone such as Europe/Berlin or +01:00";

    @Override
    public String words() {
      return "time zone";
    }
  }

  /** A time of day, to the second. */
  record TimeOfDay() implements Type<LocalTime> {
    /** What is expected in messages. */
    public static final String EXPECTED = "a time of day such as 16:00 or 16:00:30";

    @Override
    public String words() {
      return "HH:mm or HH:mm:ss";
    }

    @Override
    public @Nullable String refusal(LocalTime value) {
      return value.equals(value.truncatedTo(ChronoUnit.SECONDS)) ? null : EXPECTED;
    }
  }

  /** A number of bytes. */
  record Size() implements Type<Long> {
    /** What is expected in messages. */
    public static final String EXPECTED =
        "a size such as 64 MiB (a number and one of B, KiB, MiB, GiB), or 0";

    private static final List<String> UNITS = List.of("GiB", "MiB", "KiB");

    @Override
    public String words() {
      return "size";
    }

    @Override
    public String written(Long value) {
      for (int i = 0; i < UNITS.size(); i++) {
        int shift = 10 * (UNITS.size() - i);
        if (value != 0 && value % (1L << shift) == 0) {
          return (value >> shift) + " " + UNITS.get(i);
        }
      }
      return value + " B";
    }

    @Override
    public @Nullable String refusal(Long value) {
      return value < 0 ? EXPECTED : null;
    }
  }

  /** A path, resolved against the folder of the pipeline file. */
  record File() implements Type<Path> {
    @Override
    public String words() {
      return "path";
    }
  }

  /** A date (its first moment in UTC) or an instant. */
  record Moment() implements Type<Instant> {
    @Override
    public String words() {
      return "date or instant";
    }
  }

  /**
   * What is made of several values: its section reads it.
   *
   * @param words in the table
   */
  record Shape<T>(String words) implements Type<T> {}

  /** A duration of at least 1 ms. */
  static Type<Duration> duration() {
    return duration(Duration.ofMillis(1));
  }

  /** A duration of at least so long. */
  static Type<Duration> duration(Duration least) {
    return new Span(least, Durations.LONGEST);
  }

  /** A whole number, both bounds included. */
  static Type<Long> whole(long least, long most) {
    return new Whole(least, most);
  }

  /** One of some constants, by their words in a pipeline. */
  static <E> Word<E> word(E[] constants, Function<E, String> label) {
    Map<String, E> values = new LinkedHashMap<>();
    Arrays.asList(constants).forEach(constant -> values.put(label.apply(constant), constant));
    return new Word<>(() -> values, Set.of());
  }

  /** One of some words that are looked up when they are needed. */
  static <T> Word<T> found(Supplier<Map<String, T>> known) {
    return new Word<>(known, Set.of());
  }

  /** {@code true} or {@code false}. */
  static Word<Boolean> flag() {
    return word(new Boolean[] {true, false}, Object::toString);
  }

  /** A text that is not empty. */
  static Type<String> text(String expected) {
    return new Text("text", expected);
  }

  /** What its section reads. */
  static <T> Type<T> shape(String words) {
    return new Shape<>(words);
  }
}
