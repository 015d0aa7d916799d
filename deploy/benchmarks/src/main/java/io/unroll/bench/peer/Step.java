package io.unroll.bench.peer;

/** A network that can be advanced again and again, one step of all its rows at a time. */
public interface Step extends AutoCloseable {

  /** One step of all rows, from the state that the one before left. Allocates nothing of size. */
  void run() throws Exception;

  @Override
  void close();
}
