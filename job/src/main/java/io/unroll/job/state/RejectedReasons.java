package io.unroll.job.state;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * Why records were rejected since the job started, grouped: each group has its count and its first
 * record. Reasons that differ only in the values found are one group. It is no state: after a
 * restart the groups begin anew, while {@link Counter#REJECTED} goes on.
 *
 * <p>A task adds while the heartbeat reads, so all methods lock. A rejected record is rare, or
 * nothing else happens.
 */
public final class RejectedReasons
    implements Accumulator<RejectedReasons.Reason, RejectedReasons.Groups> {
  private static final long serialVersionUID = 1L;

  /** Groups that are told apart; reasons of further kinds are one group together. */
  public static final int MOST_GROUPS = 64;

  private static final String OTHERS = "";

  // A text in quotes to its last quote, which may itself hold quotes; a number.
  private static final Pattern VALUES =
      Pattern.compile("\".*\"|'.*'|[-+]?\\d[\\d.,:TZ+-]*(?:[eE][-+]?\\d+)?|NaN|-?Infinity");
  private static final Pattern LINE = Pattern.compile(": .*");
  private static final int LONGEST = 500;

  private final Map<String, Reason> groups = new LinkedHashMap<>();

  /**
   * A group.
   *
   * @param text the reason of its first record
   * @param input the place of its first record
   * @param count records
   */
  public record Reason(String text, String input, long count) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of records of one kind: the earlier place stands for both. */
    private Reason with(Reason other) {
      Reason first = BY_PLACE.compare(this, other) <= 0 ? this : other;
      return new Reason(first.text, first.input, count + other.count);
    }

    /** {@code 12 x price: expected a number, found "abc" (first at feed.csv:5)}. */
    @Override
    public String toString() {
      return count + " x " + text + " (first at " + input + ")";
    }
  }

  /**
   * What was rejected, the group of the most records first.
   *
   * @param all at most {@link #MOST_GROUPS} and one more
   */
  public record Groups(List<Reason> all) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Nothing was rejected. */
    public static final Groups NONE = new Groups(List.of());

    @Override
    public String toString() {
      return all.toString();
    }
  }

  /** In one file or partition: positions are numbers without leading zeros. */
  private static final Comparator<Reason> BY_PLACE =
      Comparator.comparingInt((Reason reason) -> reason.input.length())
          .thenComparing(Reason::input);

  /**
   * Counts a rejected record.
   *
   * @param input its place in the source
   * @param reason what is wrong with it
   */
  public void add(String input, String reason) {
    add(new Reason(reason, input, 1));
  }

  @Override
  public synchronized void add(Reason reason) {
    String kind = kind(reason.text);
    if (groups.size() >= MOST_GROUPS && !groups.containsKey(kind)) {
      kind = OTHERS;
    }
    Reason before = groups.get(kind);
    groups.put(kind, before == null ? shortened(reason) : before.with(shortened(reason)));
  }

  private static Reason shortened(Reason reason) {
    return reason.text.length() <= LONGEST
        ? reason
        : new Reason(reason.text.substring(0, LONGEST) + "...", reason.input, reason.count);
  }

  /** What reasons have in common that differ only in what was found: field and expectation. */
  public static String kind(String reason) {
    int field = fieldEnd(reason);
    String rest = reason.substring(field);
    if (rest.startsWith("not CSV")
        || rest.startsWith("not JSON")) { // the record's own text follows
      return reason.substring(0, field) + LINE.matcher(rest).replaceFirst("");
    }
    String kind = reason.substring(0, field) + VALUES.matcher(rest).replaceAll("…");
    return kind.length() <= LONGEST ? kind : kind.substring(0, LONGEST);
  }

  /** A reason may begin with the field that it is about: {@code feature 'price': }. */
  private static int fieldEnd(String reason) {
    int colon = reason.indexOf(": ");
    if (colon < 0
        || reason.startsWith("duplicate: ")
        || reason.startsWith("timestamp ")
        || reason.startsWith("not ")) {
      return 0;
    }
    String head = reason.substring(0, colon);
    return head.contains("expected ") || head.contains("found ") ? 0 : colon + 2;
  }

  /** All of them. */
  public synchronized long count() {
    return groups.values().stream().mapToLong(Reason::count).sum();
  }

  /** The groups, the one of the most records first. */
  @Override
  public synchronized Groups getLocalValue() {
    return new Groups(sorted(groups.values()));
  }

  private static List<Reason> sorted(Collection<Reason> reasons) {
    List<Reason> sorted = new ArrayList<>(reasons);
    sorted.sort(Comparator.comparingLong(Reason::count).reversed().thenComparing(BY_PLACE));
    return List.copyOf(sorted);
  }

  /** The groups of several, the one of the most records first. */
  public static Groups together(List<Groups> parts) {
    RejectedReasons together = new RejectedReasons();
    parts.forEach(part -> part.all.forEach(together::add));
    return together.getLocalValue();
  }

  @Override
  public synchronized void resetLocal() {
    groups.clear();
  }

  @Override
  public void merge(Accumulator<Reason, Groups> other) {
    other.getLocalValue().all.forEach(this::add);
  }

  @Override
  public Accumulator<Reason, Groups> clone() {
    RejectedReasons copy = new RejectedReasons();
    copy.merge(this);
    return copy;
  }

  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
  }

  @Override
  public String toString() {
    return getLocalValue().toString();
  }
}
