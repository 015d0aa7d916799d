package io.unroll.job;

import io.unroll.connectors.record.Rejected;
import io.unroll.job.state.RejectedReasons;
import io.unroll.job.state.RejectedReasons.Reason;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where rejected records show on a cluster when a pipeline has no output for them: in the log, the
 * first of each kind at once, so that a wrong field name is seen, and all kinds with their counts
 * when the task ends. An embedded run tells them itself.
 */
final class RejectedLog extends RichFlatMapFunction<Rejected, Rejected> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RejectedLog.class);
  private static final int SHOWN = 10;

  // Not made in open: a task that is cancelled before closes what it never opened.
  private final RejectedReasons reasons = new RejectedReasons();
  private final Set<String> shown = new HashSet<>();

  @Override
  public void flatMap(Rejected rejected, Collector<Rejected> out) {
    reasons.add(rejected.input, rejected.reason);
    if (shown.size() < SHOWN && shown.add(RejectedReasons.kind(rejected.reason))) {
      LOG.warn("rejected {}: {}", rejected.input, rejected.reason);
      if (shown.size() == SHOWN) {
        LOG.warn("rejected for more reasons; name sink.rejected to see all records");
      }
    }
  }

  @Override
  public void close() {
    for (Reason reason : reasons.getLocalValue().all()) {
      LOG.warn("rejected {}", reason);
    }
  }
}
