package io.unroll.local.demo;

/** Sums of one series, or of all of them. */
final class Score {
  private int heldOut;
  private long errors;
  private double model;
  private double naive;
  private long covered;

  /** A held-out prediction met its truth. */
  void heldOut() {
    heldOut++;
  }

  /** One error of the model and of the naive baseline. */
  void error(double ofModel, double ofNaive) {
    errors++;
    model += ofModel;
    naive += ofNaive;
  }

  /** The truth lay inside the predicted interval. */
  void covered() {
    covered++;
  }

  void add(Score other) {
    heldOut += other.heldOut;
    errors += other.errors;
    model += other.model;
    naive += other.naive;
    covered += other.covered;
  }

  int heldOutDays() {
    return heldOut;
  }

  /** Mean error of the model. */
  double model() {
    return model / errors;
  }

  /** Mean error of the naive baseline. */
  double naive() {
    return naive / errors;
  }

  /** Below 1: better than the naive baseline. */
  double ratio() {
    return model / naive;
  }

  /** Share of the truths inside the predicted interval. */
  double coverage() {
    return (double) covered / heldOut;
  }
}
