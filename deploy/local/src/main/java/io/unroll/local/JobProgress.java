package io.unroll.local;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The progress of each pipeline of a job; in a terminal all of them share one line. */
final class JobProgress {
  private static final String BETWEEN = " | ";

  /** A name and how much was read. */
  private static final int LEAST_COLUMNS = 18;

  private final String name;
  private final PrintWriter out;
  private final Progress.@Nullable Line live;
  private final Map<String, Progress> pipelines = new LinkedHashMap<>();
  private final Map<String, Counts> newest = new LinkedHashMap<>();

  /**
   * @param name of the job
   * @param names of its pipelines
   * @param live null where standard error is no terminal
   */
  JobProgress(
      String name,
      List<String> names,
      PrintWriter out,
      Progress.@Nullable Line live,
      Progress.Clock clock) {
    this.name = name;
    this.out = out;
    this.live = live;
    Shared line = live == null ? null : new Shared(live, names.size());
    for (int i = 0; i < names.size(); i++) {
      pipelines.put(
          names.get(i), new Progress(names.get(i), out, line == null ? null : line.part(i), clock));
    }
  }

  /** How far the pipelines are now, those that have said something. */
  void report(Map<String, RunStatus> statuses) {
    statuses.forEach(
        (pipeline, status) -> {
          newest.put(pipeline, status.counts());
          Progress progress = pipelines.get(pipeline);
          if (progress != null) {
            progress.report(status);
          }
        });
  }

  /** The final counts. */
  void last(RunResult result) {
    rest();
    pipelines.forEach(
        (pipeline, progress) -> progress.last(result.state(pipeline), result.of(pipeline)));
  }

  /** Takes the live line away: what comes now stands by itself. */
  void rest() {
    if (live != null) {
      live.show("");
    }
  }

  /** A line that stays. */
  void say(String line) {
    out.println(name + ": " + line);
    out.flush();
  }

  /** The newest counts told of. */
  Map<String, Counts> newest() {
    return Map.copyOf(newest);
  }

  /** One line of a terminal, parted among pipelines from left to right. */
  static final class Shared {
    private final Progress.Line line;
    private final String[] parts;
    private final int hidden;

    Shared(Progress.Line line, int pipelines) {
      this.line = line;
      int most = (Progress.COLUMNS + BETWEEN.length()) / (LEAST_COLUMNS + BETWEEN.length());
      int shown = pipelines <= most ? pipelines : most - 1;
      this.parts = new String[shown];
      Arrays.fill(parts, "");
      this.hidden = pipelines - shown;
    }

    /** What the pipeline of that number, from 0, shows its progress in. */
    Progress.Line part(int pipeline) {
      int places = parts.length + (hidden == 0 ? 0 : 1);
      int columns = (Progress.COLUMNS - (places - 1) * BETWEEN.length()) / places;
      return new Progress.Line() {
        @Override
        public void show(String text) {
          if (pipeline < parts.length) {
            parts[pipeline] = text;
            repaint();
          }
        }

        @Override
        public int columns() {
          return columns;
        }
      };
    }

    private void repaint() {
      List<String> all = new ArrayList<>();
      for (String part : parts) {
        if (!part.isEmpty()) {
          all.add(part);
        }
      }
      if (hidden > 0 && !all.isEmpty()) {
        all.add(hidden + " more");
      }
      line.show(String.join(BETWEEN, all));
    }
  }
}
