package io.unroll.job.operator;

/** Why a batch stops waiting for more rows. */
enum Flush {
  /** It is full. */
  SIZE("size"),
  /** The next record is of a series that has a row in it. */
  SERIES("series"),
  /** Its first row has waited long enough. */
  DELAY("delay"),
  /** A watermark, or the status of one, is to pass. */
  WATERMARK("watermark"),
  /** A checkpoint's barrier is to pass. */
  BARRIER("barrier"),
  /** The input is over. */
  END("end");

  private final String label;

  Flush(String label) {
    this.label = label;
  }

  /** The name in metrics. */
  String label() {
    return label;
  }
}
