package io.unroll.job.state;

import java.io.Serializable;

/**
 * The names of a pipeline's accumulators. Flink adds up what has one name in a job, so in a job of
 * several pipelines each has names of its own.
 *
 * @param prefix in front of each; empty for a pipeline that is alone in its job
 */
public record Accounts(String prefix) implements Serializable {
  /** Of a pipeline that is alone in its job. */
  public static final Accounts ALONE = new Accounts("");

  /** Of one pipeline among several; no pipeline's name has a colon. */
  public static Accounts of(String pipeline) {
    return new Accounts(pipeline + ": ");
  }

  /** What the source read: {@link Counters}. */
  public String readings() {
    return prefix + "readings";
  }

  /** Why records were rejected while they were read. */
  public String readingsRejected() {
    return readings() + ".rejected";
  }

  /** What the operator did: {@link Counters}. */
  public String sequences() {
    return prefix + "sequences";
  }

  /** Why the operator rejected records. */
  public String sequencesRejected() {
    return sequences() + ".rejected";
  }

  /** How many records an output could not write; an empty name for what all of them begin with. */
  public String unwritable(String output) {
    return prefix + "unwritable." + output;
  }
}
