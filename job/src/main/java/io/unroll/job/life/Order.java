package io.unroll.job.life;

/** The order in which the observations of a series step. */
public enum Order {
  /** As they come. */
  ARRIVAL("arrival"),
  /** By their timestamps: each is held back until the watermark passes it. */
  EVENT_TIME("event-time");

  private final String label;

  Order(String label) {
    this.label = label;
  }

  /** The word in the pipeline file. */
  public String label() {
    return label;
  }
}
