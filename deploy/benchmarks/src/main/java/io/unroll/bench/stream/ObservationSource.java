package io.unroll.bench.stream;

import io.unroll.connectors.record.Observation;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;

/**
 * Observations at the {@link Probe}'s pace. Their timestamp is the {@link System#nanoTime} at which
 * they are meant to be sent: open loop, so what a stall delays is late by the whole stall. No
 * watermarks: no sequence times out.
 */
final class ObservationSource extends SplitlessSource<Observation> {
  private static final long serialVersionUID = 1L;

  /** Between two looks at the clock and the mailbox. */
  private static final int AT_ONCE = 32;

  private static final long LONGEST_NAP = 50_000;

  private final int series;

  ObservationSource(int series) {
    this.series = series;
  }

  @Override
  public SourceReader<Observation, NoSplit> createReader(SourceReaderContext context) {
    return new Reader(new Observations(series));
  }

  private static final class Reader extends SplitlessReader<Observation> {
    private final Observations observations;
    private Probe.Pace pace = new Probe.Pace.Full();
    private double next;
    private double between;

    Reader(Observations observations) {
      this.observations = observations;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Observation> output) {
      long now = System.nanoTime();
      Probe.Pace wanted = Probe.pace();
      if (wanted != pace) {
        pace = wanted;
        next = now;
        between = wanted instanceof Probe.Pace.Open open ? 1e9 / open.perSecond() : 0;
      }
      if (between == 0) {
        for (int i = 0; i < AT_ONCE; i++) {
          output.collect(observations.next(now));
        }
        return InputStatus.MORE_AVAILABLE;
      }
      for (int i = 0; i < AT_ONCE && next <= now; i++) {
        output.collect(observations.next((long) next));
        next += between;
      }
      if (next > now) {
        LockSupport.parkNanos(Math.min((long) (next - now), LONGEST_NAP));
      }
      return InputStatus.MORE_AVAILABLE;
    }
  }
}
