package io.unroll.connectors.format;

import io.unroll.connectors.format.TimestampField.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads a timestamp and judges it, before any watermark sees it. Epoch milliseconds. */
final class TimestampReader {

  /** Date, then T and a time, then an offset with or without a colon, or Z. */
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[XXX][XX][X]]")
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT)
          .withChronology(IsoChronology.INSTANCE);

  /** Longer numbers are no timestamps, and the exact arithmetic should stay cheap. */
  private static final int LONGEST_NUMBER = 64;

  /** A number of a million may count records or cycles; as milliseconds it is a quarter hour. */
  private static final long LARGEST_COUNT = 1_000_000;

  private static final int NANOS_OF_MILLI = 1_000_000;

  private static final String EXPECTED_ANY = "epoch milliseconds or ISO-8601";

  private final TimestampField field;
  private final TimestampBounds bounds;
  private final LongSupplier clock;
  private final NumberSigns signs;

  // The bounds in epoch milliseconds.
  private final long from;
  private final long to;

  /** Of the last timestamp read, within its millisecond. */
  private int nanos;

  /**
   * @param clock the wall clock in epoch milliseconds
   * @param signs with which a timestamp that is a number in a text is written
   */
  TimestampReader(
      TimestampField field, TimestampBounds bounds, LongSupplier clock, NumberSigns signs) {
    this.signs = signs;
    this.field = field;
    this.bounds = bounds;
    this.clock = clock;
    this.from = bounds.from().toEpochMilli();
    this.to = bounds.to().toEpochMilli();
  }

  /** Nanoseconds within the millisecond that was read last, 0 to 999 999. */
  int nanos() {
    return nanos;
  }

  long read(Value value) throws Unreadable {
    nanos = 0;
    if (value.isWhole()) {
      long millis = millis(value.whole());
      if (isBelievable(millis)) {
        return millis;
      }
    }
    String text = value.text().strip();
    String number =
        switch (value.kind()) {
          case NUMBER -> text;
          case TEXT -> signs.plain(text);
          case MISSING, NULL, BOOLEAN, STRUCTURE, BROKEN -> null;
        };
    if (number != null) {
      Unit unit = field.unit() == null ? Unit.MILLISECONDS : field.unit();
      @Nullable Long millis = millis(number, unit);
      if (millis == null) {
        throw new Unreadable(
            field.field() + ": expected a timestamp, found " + Text.cut(text) + ", out of range");
      }
      judge(number, millis, unit);
      return millis;
    }
    if (value.kind() != Value.Kind.TEXT || text.isEmpty()) {
      throw value.unlike(field.field(), expected());
    }
    if (field.unit() != null) {
      throw value.unlike(field.field(), expected());
    }
    long millis = iso(value, text);
    judge(text, millis, null);
    return millis;
  }

  /** A whole number of the field's unit in milliseconds, rounded down; below 0 if out of range. */
  private long millis(long number) {
    Unit unit = field.unit() == null ? Unit.MILLISECONDS : field.unit();
    return switch (unit) {
      case SECONDS -> number < 0 || number > Long.MAX_VALUE / 1000 ? -1 : number * 1000;
      case MILLISECONDS -> number;
      case MICROSECONDS -> {
        nanos = (int) Math.floorMod(number, 1_000L) * 1_000;
        yield Math.floorDiv(number, 1_000);
      }
      case NANOSECONDS -> {
        nanos = (int) Math.floorMod(number, 1_000_000L);
        yield Math.floorDiv(number, 1_000_000);
      }
    };
  }

  /** True for what {@link #judge} has nothing to say against. */
  private boolean isBelievable(long millis) {
    return millis >= 0
        && isWithin(millis)
        && (bounds.maxAhead() == null
            || millis - clock.getAsLong() <= bounds.maxAhead().toMillis());
  }

  private String expected() {
    return field.unit() == null ? EXPECTED_ANY : "a number (unit: " + field.unit().label() + ")";
  }

  private long iso(Value value, String text) throws Unreadable {
    try {
      TemporalAccessor parsed =
          ISO.parseBest(withT(text), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      if (parsed instanceof OffsetDateTime time) {
        nanos = time.get(ChronoField.NANO_OF_SECOND) % NANOS_OF_MILLI;
        return time.toInstant().toEpochMilli();
      }
      ZoneId zone = field.zone();
      if (zone == null) {
        throw value.unlike(field.field(), "an offset such as Z, or a zone in the pipeline");
      }
      if (parsed instanceof LocalDate day) {
        return day.atStartOfDay(zone).toInstant().toEpochMilli(); // the first moment that it has
      }
      LocalDateTime local = (LocalDateTime) parsed;
      ZonedDateTime zoned = local.atZone(zone);
      if (!zoned.toLocalDateTime().equals(local)) {
        throw skipped(value, local, zone);
      }
      nanos = local.get(ChronoField.NANO_OF_SECOND) % NANOS_OF_MILLI;
      return zoned.toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw value.unlike(field.field(), EXPECTED_ANY);
    }
  }

  /** A zone puts its clock forward over this time; Java would move it to another time. */
  private Unreadable skipped(Value value, LocalDateTime local, ZoneId zone) {
    return new Unreadable(
        value.unlike(field.field(), "a time that " + zone + " has").reason()
            + ": the clock is put forward there. If this clock never changes, say zone: "
            + zone.getRules().getTransition(local).getOffsetBefore());
  }

  /**
   * True for a date and time without an offset, at which the clock of the zone is put back: the
   * zone has it twice, and {@link #read} takes the earlier one.
   */
  boolean isTwice(Value value) {
    LocalDateTime local = local(value);
    ZoneId zone = field.zone();
    return local != null && zone != null && zone.getRules().getValidOffsets(local).size() > 1;
  }

  /** The date and time of a text without an offset; null for anything else. */
  @Nullable LocalDateTime local(Value value) {
    if (field.unit() != null || value.kind() != Value.Kind.TEXT) {
      return null;
    }
    try {
      return ISO.parseBest(
                  withT(value.text().strip()),
                  OffsetDateTime::from,
                  LocalDateTime::from,
                  LocalDate::from)
              instanceof LocalDateTime local
          ? local
          : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** {@code 2024-01-02 03:04} as {@code 2024-01-02T03:04}. */
  private static String withT(String text) {
    return text.length() > 10 && text.charAt(10) == ' '
        ? text.substring(0, 10) + 'T' + text.substring(11)
        : text;
  }

  /** {@code text} of {@code unit} in milliseconds, exactly, rounded down; null if out of range. */
  private @Nullable Long millis(String text, Unit unit) {
    if (text.length() > LONGEST_NUMBER) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      // The exponent decides before any digit is written out: 1e999999999 costs nothing.
      long digits = (long) number.precision() - number.scale();
      if (number.signum() != 0 && (digits > 30 || digits < -30)) {
        return digits > 0 ? null : number.signum() > 0 ? 0L : -1L;
      }
      int shift =
          switch (unit) {
            case SECONDS -> 3;
            case MILLISECONDS -> 0;
            case MICROSECONDS -> -3;
            case NANOSECONDS -> -6;
          };
      if (number.signum() == 0) {
        return 0L;
      }
      BigDecimal exact = number.movePointRight(shift);
      BigDecimal whole = exact.setScale(0, RoundingMode.FLOOR);
      nanos = exact.subtract(whole).movePointRight(6).intValue();
      return whole.longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private void judge(String text, long millis, @Nullable Unit unit) throws Unreadable {
    if (isBelievable(millis)) {
      return;
    }
    if (!isWithin(millis)) {
      throw new Unreadable(
          "timestamp "
              + Text.cut(text)
              + " is "
              + Instant.ofEpochMilli(millis)
              + ", outside "
              + day(bounds.from())
              + " to "
              + day(bounds.to())
              + hint(text, unit));
    }
    if (millis < 0) {
      throw new Unreadable(
          "timestamp " + Text.cut(text) + " is before 1970-01-01, which Kafka and Flink refuse");
    }
    Duration maxAhead = bounds.maxAhead();
    if (maxAhead != null) {
      long now = clock.getAsLong();
      if (millis - now > maxAhead.toMillis()) {
        throw new Unreadable(
            "timestamp "
                + Text.cut(text)
                + " is "
                + Instant.ofEpochMilli(millis)
                + ", "
                + (millis - now)
                + " ms past the wall clock, at most "
                + maxAhead.toMillis()
                + " ms are allowed");
      }
    }
  }

  private boolean isWithin(long millis) {
    return millis >= from && millis < to;
  }

  private String hint(String text, @Nullable Unit unit) {
    if (unit == null) {
      return "";
    }
    for (Unit other : Unit.values()) {
      Long millis = other == unit ? null : millis(text, other);
      if (millis != null && isWithin(millis)) {
        return "; it looks like "
            + other.name().toLowerCase(Locale.ROOT)
            + ": say {field: "
            + field.field()
            + ", unit: "
            + other.label()
            + "}";
      }
    }
    Long count = millis(text, unit);
    return count != null && count >= 0 && count <= LARGEST_COUNT
        ? "; if it counts, and is no time, say source.timestamp-between: [1970-01-01, 2100-01-01]"
        : "";
  }

  private static String day(Instant instant) {
    String text = instant.toString();
    return text.endsWith("T00:00:00Z") ? text.substring(0, text.indexOf('T')) : text;
  }
}
