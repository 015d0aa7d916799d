package io.unroll.connectors.format;

/** How many records show something, and the first of them. */
public final class Seen {
  private int count;
  private String first = "";

  /** One more. */
  public void at(String place, String what) {
    if (count++ == 0) {
      first = place + " (" + what + ")";
    }
  }

  /** How many. */
  public int count() {
    return count;
  }

  /** The first of them, and what it shows. */
  public String first() {
    return first;
  }
}
