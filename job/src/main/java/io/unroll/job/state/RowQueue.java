package io.unroll.job.state;

import org.jspecify.annotations.Nullable;

/**
 * An order of cached rows, linked through the rows themselves: every call is O(1), without garbage.
 */
final class RowQueue {
  /** A row's place in one order. */
  static final class Link {
    private final @Nullable CachedRow row;
    private Link before = this;
    private Link after = this;

    Link(@Nullable CachedRow row) {
      this.row = row;
    }
  }

  /** Stands before the first and after the last. */
  private final Link ends = new Link(null);

  private int size;

  int size() {
    return size;
  }

  /** Whoever was added or moved to the end longest ago; null when empty. */
  @Nullable CachedRow first() {
    return ends.after.row;
  }

  void add(Link link) {
    size++;
    linkLast(link);
  }

  void remove(Link link) {
    size--;
    unlink(link);
  }

  void moveToEnd(Link link) {
    if (ends.before != link) {
      unlink(link);
      linkLast(link);
    }
  }

  /** All of them, from the first to the last. */
  CachedRow[] toArray() {
    CachedRow[] rows = new CachedRow[size];
    Link link = ends.after;
    for (int i = 0; link.row != null; i++, link = link.after) {
      rows[i] = link.row;
    }
    return rows;
  }

  private void linkLast(Link link) {
    link.before = ends.before;
    link.after = ends;
    ends.before.after = link;
    ends.before = link;
  }

  private static void unlink(Link link) {
    link.before.after = link.after;
    link.after.before = link.before;
    link.before = link;
    link.after = link;
  }
}
