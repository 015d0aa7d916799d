package io.unroll.job.life;

/** Which clock the time limits of a sequence go by. */
public enum SequenceClock {
  /** The timestamps of the observations, and the watermark: every run gives the same. */
  EVENT("event"),
  /** When observations arrive, by the wall clock. Time that the job is down counts. */
  PROCESSING("processing");

  private final String label;

  SequenceClock(String label) {
    this.label = label;
  }

  /** The word in the pipeline file. */
  public String label() {
    return label;
  }
}
