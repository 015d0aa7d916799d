package io.unroll.local;

import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.RejectedReasons;
import io.unroll.job.state.RejectedReasons.Groups;
import io.unroll.job.state.RejectedReasons.Reason;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counters of a run, as its tasks last reported them.
 *
 * @param readings of what the source read, in {@link Counter}'s order
 * @param sequences of the operator
 * @param reasons why records were rejected since the job was last started, the commonest first
 * @param unwritable how many records of each output its topic could not take; outputs with none are
 *     left out
 */
record Counts(
    List<Long> readings, List<Long> sequences, List<Reason> reasons, Map<String, Long> unwritable) {
  /** Closings, in the order in which they are told. */
  static final List<Counter> CLOSINGS =
      List.of(
          Counter.CLOSED_END,
          Counter.CLOSED_RESTARTED,
          Counter.CLOSED_CHANGED,
          Counter.CLOSED_IDLE,
          Counter.CLOSED_MAX_DURATION,
          Counter.CLOSED_CLOSE_AT,
          Counter.CLOSED_GAP,
          Counter.CLOSED_MAX_STEPS,
          Counter.CLOSED_END_OF_INPUT);

  /** Before any task has reported. */
  static final Counts NONE = of(Accounts.ALONE, Map.of());

  /** Whether both the source's and the operator's tasks have reported: else it looks like less. */
  static boolean areIn(Accounts accounts, Map<String, Object> accumulators) {
    return accumulators.containsKey(accounts.readings())
        && accumulators.containsKey(accounts.sequences());
  }

  /** Of one pipeline from its job's accumulators; a task that has not reported counts nothing. */
  static Counts of(Accounts accounts, Map<String, Object> accumulators) {
    return new Counts(
        numbers(accumulators, accounts.readings()),
        numbers(accumulators, accounts.sequences()),
        RejectedReasons.together(
                List.of(
                    reasons(accumulators, accounts.readingsRejected()),
                    reasons(accumulators, accounts.sequencesRejected())))
            .all(),
        unwritable(accounts.unwritable(""), accumulators));
  }

  /** Of each pipeline of a job, by its name; one that reported nothing is left out. */
  static Map<String, Counts> all(
      Map<String, Accounts> pipelines, Map<String, Object> accumulators) {
    Map<String, Counts> all = new LinkedHashMap<>();
    pipelines.forEach(
        (name, accounts) -> {
          if (areIn(accounts, accumulators)) {
            all.put(name, of(accounts, accumulators));
          }
        });
    return all;
  }

  private static List<Long> numbers(Map<String, Object> accumulators, String name) {
    Counters counters = (Counters) accumulators.getOrDefault(name, new Counters());
    return Arrays.stream(counters.toArray()).boxed().toList();
  }

  private static Groups reasons(Map<String, Object> accumulators, String name) {
    return (Groups) accumulators.getOrDefault(name, Groups.NONE);
  }

  private static Map<String, Long> unwritable(String all, Map<String, Object> accumulators) {
    Map<String, Long> unwritable = new TreeMap<>();
    accumulators.forEach(
        (name, value) -> {
          if (name.startsWith(all) && value instanceof Long number && number > 0) {
            unwritable.put(name.substring(all.length()), number);
          }
        });
    return unwritable;
  }

  /** Counts of what the source read. */
  long readings(Counter counter) {
    return readings.get(counter.index());
  }

  /** Counts of the operator. */
  long sequences(Counter counter) {
    return sequences.get(counter.index());
  }

  /** Records rejected while reading or stepping. */
  long rejected() {
    return readings(Counter.REJECTED) + sequences(Counter.REJECTED);
  }

  /** Whether records were meant, and none could be used. */
  boolean allRejected() {
    long meant = readings(Counter.INPUTS) - readings(Counter.SKIPPED);
    return meant > 0 && rejected() == meant;
  }

  /** Sequences that are open now. */
  long open() {
    return sequences(Counter.OPENED) - CLOSINGS.stream().mapToLong(this::sequences).sum();
  }

  /** What a person should see as soon as it is above 0, by its name. */
  Map<String, Long> troubles() {
    Map<String, Long> troubles = new LinkedHashMap<>();
    troubles.put("late", sequences(Counter.LATE));
    troubles.put("rejected", rejected());
    troubles.put("unwritable", unwritable.values().stream().mapToLong(count -> count).sum());
    troubles.values().removeIf(count -> count == 0);
    return troubles;
  }
}
