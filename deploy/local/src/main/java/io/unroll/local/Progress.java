package io.unroll.local;

import io.unroll.job.cli.Counted;
import io.unroll.job.state.Counter;
import io.unroll.job.state.RejectedReasons;
import io.unroll.job.state.RejectedReasons.Reason;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person who waits how far a run is. In a terminal one line changes in place. In a file or
 * a pipe there is a line every 10 s while something changes, and one when it comes to rest, so that
 * the last line is never an old one. Each kind of rejected record is shown once, when the first one
 * is met.
 */
final class Progress {
  private static final long EVERY_NANOS = 10_000_000_000L;
  private static final long REST_NANOS = 500_000_000L;
  private static final int MOST_REASONS = 10;

  /** Of a terminal that nobody has widened: what is longer is cut. */
  static final int COLUMNS = 80;

  private final String name;
  private final PrintWriter out;
  private final @Nullable Line live;
  private final Clock clock;
  private final long started;
  private final Rate rate = new Rate();
  private final Set<String> reasons = new HashSet<>();

  private @Nullable Counts before;
  private @Nullable Counts printed;
  private boolean warmUpTold;
  private long changed;
  private long lastLine;
  private long lastRest;

  /** Where a line changes in place. */
  interface Line {
    /** Shows a line in place of the one before; an empty one is none. */
    void show(String line);

    /** How many characters it takes. */
    default int columns() {
      return COLUMNS;
    }
  }

  /** What time it is. */
  interface Clock {
    /** Of a clock that only goes on. */
    long nanos();

    /** Epoch milliseconds. */
    long millis();

    /** The machine's. */
    Clock MACHINE =
        new Clock() {
          @Override
          public long nanos() {
            return System.nanoTime();
          }

          @Override
          public long millis() {
            return System.currentTimeMillis();
          }
        };
  }

  /**
   * @param live null where standard error is no terminal
   */
  Progress(String name, PrintWriter out, @Nullable Line live, Clock clock) {
    this.name = name;
    this.out = out;
    this.live = live;
    this.clock = clock;
    started = clock.nanos();
    lastRest = started - EVERY_NANOS;
  }

  /** How far the run is now; to be called a few times a second. */
  void report(RunStatus status) {
    long now = clock.nanos();
    Counts counts = status.counts();
    long perSecond = rate.after(now, counts.readings(Counter.INPUTS));
    tellNewReasons(counts);
    if (!counts.equals(before)) {
      before = counts;
      changed = now;
    }
    if (status.isWarmingUp()) {
      tellWarmUp(counts, now);
    } else if (live != null) {
      String line = line(status, perSecond, now);
      int columns = live.columns();
      live.show(line.length() <= columns ? line : shortLine(status, perSecond, now, columns));
    } else if (isDue(counts, now)) {
      printed = counts;
      lastLine = now;
      out.println(line(status, perSecond, now));
      out.flush();
    }
  }

  /** Seconds in which nothing else changes: once in a log, and no counts that look like a halt. */
  private void tellWarmUp(Counts counts, long now) {
    String line =
        String.join(
            ", ",
            name + ": warming up the model",
            Counted.of(counts.readings(Counter.INPUTS), "input") + " read",
            seconds(now));
    if (live != null) {
      live.show(line.substring(0, Math.min(line.length(), live.columns())));
    } else if (!warmUpTold) {
      warmUpTold = true;
      out.println(line);
      out.flush();
    }
  }

  private boolean isDue(Counts counts, long now) {
    if (printed == null) {
      return true;
    }
    if (counts.equals(printed)) {
      return false;
    }
    if (now - lastLine >= EVERY_NANOS) {
      return true;
    }
    // At most one more in 10 s: a slow stream comes to rest after each record.
    if (now - changed < REST_NANOS || now - lastRest < EVERY_NANOS) {
      return false;
    }
    lastRest = now;
    return true;
  }

  private void tellNewReasons(Counts counts) {
    for (Reason reason : counts.reasons()) {
      if (reasons.size() < MOST_REASONS && reasons.add(RejectedReasons.kind(reason.text()))) {
        out.println(name + ": rejected " + reason.input() + ": " + reason.text());
        out.flush();
      }
    }
  }

  private String line(RunStatus status, long perSecond, long now) {
    Counts counts = status.counts();
    List<String> parts = new ArrayList<>();
    parts.add(name + ": running");
    parts.add(Counted.of(counts.readings(Counter.INPUTS), "input"));
    parts.add(number(perSecond, "events/s"));
    status.lag().ifPresent(lag -> parts.add(String.format(Locale.ROOT, "lag %,d", lag)));
    parts.add(Counted.of(counts.open(), "open sequence"));
    RunStatus.Checkpoint checkpoint = status.checkpoint();
    parts.add(
        checkpoint == null
            ? "no checkpoint yet"
            : "checkpoint " + checkpoint.id() + " " + age(checkpoint));
    parts.add(Counted.of(counts.sequences(Counter.STEPS), "step"));
    parts.add(Counted.of(counts.sequences(Counter.PREDICTIONS), "prediction"));
    counts.troubles().forEach((trouble, count) -> parts.add(number(count, trouble)));
    parts.add(seconds(now));
    return String.join(", ", parts);
  }

  /** What matters most, in few words. */
  private String shortLine(RunStatus status, long perSecond, long now, int columns) {
    Counts counts = status.counts();
    List<String> parts = new ArrayList<>();
    parts.add(number(counts.readings(Counter.INPUTS), "in"));
    parts.add(String.format(Locale.ROOT, "%,d/s", perSecond));
    status.lag().ifPresent(lag -> parts.add(String.format(Locale.ROOT, "lag %,d", lag)));
    parts.add(number(counts.open(), "open"));
    RunStatus.Checkpoint checkpoint = status.checkpoint();
    parts.add(checkpoint == null ? "no checkpoint yet" : "checkpoint " + age(checkpoint));
    String text = String.join(", ", parts);
    List<String> more = new ArrayList<>();
    if (columns < COLUMNS) { // beside other pipelines: what was read, then whatever has room
      text = parts.get(0);
      more.addAll(parts.subList(1, parts.size()));
    }
    int room = Math.max(0, columns - text.length() - ": ".length());
    String line = name.substring(0, Math.min(name.length(), room)) + ": " + text;
    counts.troubles().forEach((trouble, count) -> more.add(number(count, trouble)));
    more.add(seconds(now));
    for (String part : more) {
      if (line.length() + ", ".length() + part.length() <= columns) {
        line += ", " + part;
      }
    }
    return line;
  }

  private String age(RunStatus.Checkpoint checkpoint) {
    return Math.max(0, clock.millis() - checkpoint.completed()) / 1000 + " s ago";
  }

  private static String number(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s", number, noun);
  }

  private String seconds(long now) {
    return String.format(Locale.ROOT, "%.1f s", (now - started) / 1e9);
  }

  /**
   * The final counts.
   *
   * @param state what became of the run: {@code finished}
   */
  void last(String state, Counts counts) {
    tellNewReasons(counts);
    rest();
    out.printf(
        "%s: %s, %s, %s, %s, %s%n",
        name,
        state,
        seconds(clock.nanos()),
        Counted.of(counts.readings(Counter.INPUTS), "input"),
        Counted.of(counts.sequences(Counter.STEPS), "step"),
        Counted.of(counts.sequences(Counter.PREDICTIONS), "prediction"));
    out.flush();
  }

  /** Takes the live line away: what comes now stands by itself. */
  void rest() {
    if (live != null) {
      live.show("");
    }
  }
}
