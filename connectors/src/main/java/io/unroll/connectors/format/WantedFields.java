package io.unroll.connectors.format;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The fields that a {@link RecordReader} picks, and where it puts their values: that of {@code
 * paths.get(i)} goes to {@code values[slots[i]]}.
 *
 * @param what holds them, in messages: {@code value} or {@code key}
 * @param size how many slots there are
 * @param digits slots whose numbers are used as they are written, not only as numbers
 * @param needed slots without which a record is no observation
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record WantedFields(
    String what, List<FieldPath> paths, int[] slots, int size, BitSet digits, BitSet needed) {

  /** The names of fields of the record, as the pipeline has them. */
  public List<String> names() {
    return paths.stream().filter(WantedFields::isNamed).map(FieldPath::text).toList();
  }

  /** The names of those without which a record is no observation. */
  public List<String> neededNames() {
    return IntStream.range(0, slots.length)
        .filter(i -> needed.get(slots[i]) && isNamed(paths.get(i)))
        .mapToObj(i -> paths.get(i).text())
        .toList();
  }

  /** Room for the values of all slots, none of which is there. */
  public Value[] noValues() {
    Value[] values = new Value[size];
    Arrays.fill(values, Value.MISSING);
    return values;
  }

  private static boolean isNamed(FieldPath path) {
    return path.origin() == FieldPath.Origin.VALUE;
  }
}
