package io.unroll.local;

import io.unroll.job.state.Counter;
import java.io.PrintWriter;
import java.util.Locale;

/** Tells a person who waits how far a run is; says nothing twice. */
final class Progress {
  private final String name;
  private final PrintWriter out;
  private final long started = System.nanoTime();
  private long reported = -1;

  Progress(String name, PrintWriter out) {
    this.name = name;
    this.out = out;
  }

  /** What the tasks last said, if it is news. */
  void report(Counts counts) {
    if (counts.readings(Counter.INPUTS) != reported) {
      reported = counts.readings(Counter.INPUTS);
      print("running", counts);
    }
  }

  /** The final counts. */
  void last(Counts counts) {
    print("finished", counts);
  }

  private void print(String state, Counts counts) {
    out.printf(
        Locale.ROOT,
        "%s: %s, %.1f s, %,d inputs, %,d steps, %,d predictions%n",
        name,
        state,
        (System.nanoTime() - started) / 1e9,
        counts.readings(Counter.INPUTS),
        counts.sequences(Counter.STEPS),
        counts.sequences(Counter.PREDICTIONS));
    out.flush();
  }
}
