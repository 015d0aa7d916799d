package io.unroll.job.life;

/** What follows when a decoder has run, in the key context of its series. */
@FunctionalInterface
interface Continuation {
  /** Nothing follows. */
  Continuation NOTHING = () -> {};

  void run() throws Exception;
}
