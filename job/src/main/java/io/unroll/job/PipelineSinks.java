package io.unroll.job;

/** Takes what comes out of the operator; tests collect it, pipelines write it. */
@FunctionalInterface
public interface PipelineSinks {
  void attach(Unroll.Streams streams);
}
