package io.unroll.job;

import io.unroll.connectors.record.Rejected;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where rejected records show when a pipeline has no output for them: the first ones in the log, so
 * that a wrong field name is seen at once. The counters have all of them.
 */
final class RejectedLog implements FlatMapFunction<Rejected, Rejected> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RejectedLog.class);
  private static final int SHOWN = 10;

  private int seen;

  @Override
  public void flatMap(Rejected rejected, Collector<Rejected> out) {
    if (seen < SHOWN) {
      LOG.warn("rejected {}: {}", rejected.input, rejected.reason);
      seen++;
    } else if (seen == SHOWN) {
      LOG.warn("rejected more records; name sink.rejected to see them all");
      seen++;
    }
  }
}
