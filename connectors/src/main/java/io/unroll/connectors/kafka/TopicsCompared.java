package io.unroll.connectors.kafka;

import org.apache.flink.api.connector.source.SourceEvent;

/** Tells a reader that the topics are those of the checkpoint: it may read on where it stood. */
record TopicsCompared() implements SourceEvent {
  private static final long serialVersionUID = 1L;
}
