package io.unroll.job.life;

/** What follows when a decoder has run, in the key context of its series. */
@FunctionalInterface
interface Then {
  /** Nothing follows. */
  Then NOTHING = () -> {};

  void run() throws Exception;
}
