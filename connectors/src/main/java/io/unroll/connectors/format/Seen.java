package io.unroll.connectors.format;

/** How many records show something, and the first of them. */
final class Seen {
  private int count;
  private String first = "";

  void at(String place, String what) {
    if (count++ == 0) {
      first = place + " (" + what + ")";
    }
  }

  int count() {
    return count;
  }

  String first() {
    return first;
  }
}
