package io.unroll.connectors.kafka;

import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what must not throw. */
final class Closing {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private Closing() {}

  /**
   * Closes and logs what goes wrong; only what no JVM should go on after is thrown. An interrupt
   * ends here too: the next operator of the task could not close with it.
   *
   * @param what for the log
   */
  static void quietly(AutoCloseable closeable, String what) {
    try {
      closeable.close();
    } catch (Throwable e) { // errors too: a class that is gone with its job's loader is one
      ExceptionUtils.rethrowIfFatalErrorOrOOM(e);
      LOG.warn("closing the Kafka {}: {}", what, e.toString());
      LOG.debug("closing the Kafka {}", what, e);
    }
  }
}
