package io.unroll.bench.stream;

import io.unroll.connectors.record.Observation;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;

/**
 * Opens a sequence of every series, waits until the operator has, and closes all of them by one
 * watermark; again and again. The {@link Probe} counts openings and closings.
 */
final class ClosingSource extends SplitlessSource<Observation> {
  private static final long serialVersionUID = 1L;

  /** Event time between two rounds; sequences time out after half of it. */
  static final long ROUND_MILLIS = 10_000;

  private final int series;

  ClosingSource(int series) {
    this.series = series;
  }

  @Override
  public SourceReader<Observation, NoSplit> createReader(SourceReaderContext context) {
    return new Reader(series);
  }

  private static final class Reader extends SplitlessReader<Observation> {
    private final int series;
    private final Observations observations;
    private long round;
    private int sent;

    Reader(int series) {
      this.series = series;
      observations = new Observations(series);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Observation> output) {
      long opened = (2 * round + 1) * series;
      long time = round * ROUND_MILLIS;
      if (sent < series && Probe.out() >= opened - series) {
        output.collect(observations.of(sent++, time));
      } else if (sent == series && Probe.out() >= opened) {
        Probe.watermarkLeaves();
        output.emitWatermark(new Watermark(time + ROUND_MILLIS - 1));
        round++;
        sent = 0;
      } else {
        LockSupport.parkNanos(100_000);
      }
      return InputStatus.MORE_AVAILABLE;
    }
  }
}
