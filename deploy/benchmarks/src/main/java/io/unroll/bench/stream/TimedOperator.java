package io.unroll.bench.stream;

import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorAttributes;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.StreamTaskStateInitializer;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** An operator as it is, with a clock before and behind what it does for a checkpoint's barrier. */
final class TimedOperator<I, O> implements OneInputStreamOperator<I, O> {
  private static final long serialVersionUID = 1L;

  private final OneInputStreamOperator<I, O> operator;

  TimedOperator(OneInputStreamOperator<I, O> operator) {
    this.operator = operator;
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    long before = System.nanoTime();
    operator.prepareSnapshotPreBarrier(checkpointId);
    Probe.barrier(before, System.nanoTime() - before);
  }

  // ---- everything else is the operator's own ----

  @Override
  public void processElement(StreamRecord<I> element) throws Exception {
    operator.processElement(element);
  }

  @Override
  public void setKeyContextElement(StreamRecord<I> record) throws Exception {
    operator.setKeyContextElement(record);
  }

  @Override
  public void setKeyContextElement1(StreamRecord<?> record) throws Exception {
    operator.setKeyContextElement1(record);
  }

  @Override
  public void setKeyContextElement2(StreamRecord<?> record) throws Exception {
    operator.setKeyContextElement2(record);
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    operator.processWatermark(mark);
  }

  @Override
  public void processWatermark(WatermarkEvent mark) throws Exception {
    operator.processWatermark(mark);
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    operator.processWatermarkStatus(status);
  }

  @Override
  public void processLatencyMarker(LatencyMarker marker) throws Exception {
    operator.processLatencyMarker(marker);
  }

  @Override
  public void processRecordAttributes(RecordAttributes attributes) throws Exception {
    operator.processRecordAttributes(attributes);
  }

  @Override
  public void open() throws Exception {
    operator.open();
  }

  @Override
  public void finish() throws Exception {
    operator.finish();
  }

  @Override
  public void close() throws Exception {
    operator.close();
  }

  @Override
  public OperatorSnapshotFutures snapshotState(
      long checkpointId, long timestamp, CheckpointOptions options, CheckpointStreamFactory storage)
      throws Exception {
    return operator.snapshotState(checkpointId, timestamp, options, storage);
  }

  @Override
  public void initializeState(StreamTaskStateInitializer initializer) throws Exception {
    operator.initializeState(initializer);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    operator.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    operator.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public OperatorMetricGroup getMetricGroup() {
    return operator.getMetricGroup();
  }

  @Override
  public OperatorID getOperatorID() {
    return operator.getOperatorID();
  }

  @Override
  public OperatorAttributes getOperatorAttributes() {
    return operator.getOperatorAttributes();
  }

  @Override
  public void setCurrentKey(Object key) {
    operator.setCurrentKey(key);
  }

  @Override
  public Object getCurrentKey() {
    return operator.getCurrentKey();
  }
}
