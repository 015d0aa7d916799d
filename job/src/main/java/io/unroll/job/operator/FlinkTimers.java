package io.unroll.job.operator;

import io.unroll.job.life.SeriesTimers;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/** Flink's timer service; the watermark is also known from before a restore. */
final class FlinkTimers implements SeriesTimers {
  private final InternalTimerService<VoidNamespace> service;
  private final OperatorMemory memory;

  FlinkTimers(InternalTimerService<VoidNamespace> service, OperatorMemory memory) {
    this.service = service;
    this.memory = memory;
  }

  @Override
  public long watermark() {
    return Math.max(memory.watermark(), service.currentWatermark());
  }

  @Override
  public long now() {
    return service.currentProcessingTime();
  }

  @Override
  public void register(long timestamp) {
    service.registerEventTimeTimer(VoidNamespace.INSTANCE, timestamp);
  }

  @Override
  public void delete(long timestamp) {
    service.deleteEventTimeTimer(VoidNamespace.INSTANCE, timestamp);
  }

  @Override
  public void registerAlarm(long timestamp) {
    service.registerProcessingTimeTimer(VoidNamespace.INSTANCE, timestamp);
  }

  @Override
  public void deleteAlarm(long timestamp) {
    service.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, timestamp);
  }
}
